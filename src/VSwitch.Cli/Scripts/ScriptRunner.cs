using VSwitch.Cli.Servers;
using VSwitch.Protocol;

namespace VSwitch.Cli.Scripts;

/// <summary>Executes lines one after the other, in one conversation, up to the first that fails.</summary>
internal static class ScriptRunner
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    /// <exception cref="ServerUnreachableException">There is no answer.</exception>
    public static async Task<int> RunAsync(IEnumerable<ScriptLine> lines, Conversation conversation, Standard standard)
    {
        bool isFirst = true;
        foreach (ScriptLine line in lines.Where(line => !line.IsSilent))
        {
            ExecuteResponse response;
            try
            {
                response = line.IsQuestion ? await HelpAsync(line, conversation) : await conversation.ExecuteAsync(line.Text);
            }
            catch (ServerUnreachableException) when (!isFirst)
            {
                // What was run is known then by what was not.
                await standard.Error.WriteLineAsync($"{line.Origin}: {line.Text}");
                throw;
            }

            isFirst = false;
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

    private static async Task<ExecuteResponse> HelpAsync(ScriptLine line, Conversation conversation) =>
        new() { Ok = true, Output = (await conversation.HelpAsync(line.Text[..^1])).Text };
}
