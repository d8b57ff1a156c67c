using VSwitch.Cli.Arguments;
using VSwitch.Cli.Scripts;
using VSwitch.Cli.Servers;
using VSwitch.Cli.Terminal;
using VSwitch.Hosting;

namespace VSwitch.Cli.Vsw;

/// <summary><c>vsw</c>: the command line of the VSM.</summary>
internal static class VswProgram
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Func<string, string?> environment, Standard standard)
    {
        VswOptions options = VswOptions.Parse(arguments, environment);
        if (options.WantsHelp)
        {
            await standard.Out.WriteLineAsync(VswOptions.Usage);
            return ExitCode.Done;
        }

        using TextReader? file = options.File is null ? null : Open(options.File, standard);
        using var line = new ServerLine(ServerKind.Vsm, options.Addresses);
        var conversation = new Conversation(new VsmServer(line));
        if (standard.IsInteractive && options is { Commands: [], File: null })
        {
            using var terminal = new LinuxTerminal();
            await new Shell(conversation, terminal).RunAsync();
            return ExitCode.Done;
        }

        IEnumerable<ScriptLine> script = ScriptLine.Read(options.Commands);
        if (file is not null)
            script = script.Concat(ScriptLine.Read(options.File!, file));
        else if (options.Commands.Count == 0)
            script = ScriptLine.Read("stdin", standard.In);
        return await ScriptRunner.RunAsync(script, conversation, standard);
    }

    private static TextReader Open(string path, Standard standard)
    {
        try
        {
            if (path == "-")
                return standard.In;
            string text = File.ReadAllText(path);
            CutScript.Refuse(path, text);
            return new StringReader(text);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"The script '{path}' cannot be read: {exception.Message}");
        }
    }
}
