using VSwitch.Protocol;

namespace VSwitch.Cli.Scripts;

/// <summary>Executes lines one after the other, in one conversation, up to the first that fails.</summary>
internal static class ScriptRunner
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    /// <exception cref="Servers.ServerUnreachableException">There is no answer.</exception>
    public static async Task<int> RunAsync(IEnumerable<ScriptLine> lines, Conversation conversation, Standard standard)
    {
        foreach (ScriptLine line in lines.Where(line => !line.IsSilent))
        {
            ExecuteResponse response = await conversation.ExecuteAsync(line.Text);
            await standard.Out.WriteAsync(response.Output);
            await standard.Out.FlushAsync();
            if (!response.Ok)
            {
                await standard.Error.WriteAsync(Complaint.Of(line, response));
                return ExitCode.Refused;
            }

            if (conversation.IsOver)
                break;
        }

        return ExitCode.Done;
    }
}
