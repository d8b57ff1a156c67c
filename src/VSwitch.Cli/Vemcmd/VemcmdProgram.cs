using Grpc.Core;
using VSwitch.Cli.Arguments;
using VSwitch.Cli.Scripts;
using VSwitch.Cli.Servers;
using VSwitch.Hosting;
using VSwitch.Protocol;

namespace VSwitch.Cli.Vemcmd;

/// <summary><c>vemcmd</c>: the command line of this host's VEM.</summary>
internal static class VemcmdProgram
{
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, Func<string, string?> environment, Standard standard)
    {
        if (VemcmdOptions.Parse(arguments, environment) is not { } options)
        {
            await standard.Out.WriteLineAsync(VemcmdOptions.Usage);
            return ExitCode.Done;
        }

        using var line = new ServerLine(ServerKind.Vem, [options.Address]);
        return options.Words is ["-"]
            ? await RunScriptAsync(line, standard)
            : await RunAsync(line, options.Words, standard);
    }

    /// <summary>A command in each line of standard input, up to the first that fails.</summary>
    private static async Task<int> RunScriptAsync(ServerLine line, Standard standard)
    {
        foreach (ScriptLine command in ScriptLine.Read("stdin", standard.In).Where(command => !command.IsSilent))
        {
            int exitCode = await RunLineAsync(line, command, standard);
            if (exitCode == ExitCode.Done)
                continue;
            await standard.Error.WriteLineAsync($"{command.Origin}: {command.Text}");
            return exitCode;
        }
        return ExitCode.Done;
    }

    private static async Task<int> RunLineAsync(ServerLine line, ScriptLine command, Standard standard)
    {
        try
        {
            return await RunAsync(line, command.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries), standard);
        }
        catch (UsageException exception)
        {
            throw new UsageException($"{command.Origin}: {exception.Message}");
        }
    }

    private static async Task<int> RunAsync(ServerLine line, IReadOnlyList<string> words, Standard standard)
    {
        try
        {
            return words[0] switch
            {
                "attach" => await AttachAsync(line, AttachArguments.Parse([.. words.Skip(1)]), standard),
                "detach" => await DetachAsync(line, words, standard),
                _ => await ExecuteAsync(line, string.Join(' ', words), standard),
            };
        }
        catch (RpcException refusal)
        {
            await standard.Error.WriteLineAsync($"vemcmd: {refusal.Status.Detail}");
            return ExitCode.Refused;
        }
    }

    private static async Task<int> AttachAsync(ServerLine line, AttachRequest request, Standard standard)
    {
        AttachResponse response = await line.CallAsync(vem => Client(vem).AttachAsync(request));
        await TellAsync(response.Notice, standard);
        if (response.Interface.Length > 0)
            await standard.Out.WriteLineAsync(response.Interface);
        return ExitCode.Done;
    }

    private static async Task<int> DetachAsync(ServerLine line, IReadOnlyList<string> words, Standard standard)
    {
        if (words.Count != 2)
            throw new UsageException("detach needs one port: vethN or the name of its netdev.");
        DetachResponse response = await line.CallAsync(vem => Client(vem).DetachAsync(new DetachRequest { Port = words[1] }));
        await TellAsync(response.Notice, standard);
        return ExitCode.Done;
    }

    private static async Task TellAsync(string notice, Standard standard)
    {
        if (notice.Length > 0)
            await standard.Error.WriteLineAsync($"vemcmd: {notice}");
    }

    private static async Task<int> ExecuteAsync(ServerLine line, string text, Standard standard)
    {
        if (text.EndsWith('?'))
        {
            HelpResponse help = await line.CallAsync(vem => Client(vem).HelpAsync(new HelpRequest { Line = text[..^1] }));
            await standard.Out.WriteAsync(help.Text);
            return ExitCode.Done;
        }

        ExecuteResponse response = await line.CallAsync(vem => Client(vem).ExecuteAsync(new ExecuteRequest { Line = text }));
        await standard.Out.WriteAsync(response.Output);
        if (response.Ok)
            return ExitCode.Done;
        await standard.Error.WriteAsync(Complaint.Of(new ScriptLine("vemcmd", text), response));
        if (response.ErrorColumn == 0)
            await standard.Error.WriteLineAsync("Try 'vemcmd --help'.");
        return ExitCode.Refused;
    }

    private static LocalVem.LocalVemClient Client(CallInvoker invoker) => new(invoker);
}
