using VSwitch.Commands;
using VSwitch.Policy;
using VSwitch.Wire;

namespace VSwitch.Vsm;

/// <summary>
/// The configuration as commands, in a fixed order. The text given to an empty switch makes the same configuration again:
/// that is how it is stored, saved, shown and copied to another switch.
/// </summary>
public sealed class ConfigurationText(Grammar grammar)
{
    /// <summary>The commands, each line ended; sections are parted by empty lines.</summary>
    public string Render(SwitchConfig config) => string.Concat(Lines(config).Select(line => line + "\n"));

    private IEnumerable<string> Lines(SwitchConfig config) =>
        grammar.Global.Render(config).Concat(RemovedVlans(config)).SkipWhile(line => line.Length == 0);

    /// <exception cref="FormatException">A line is not understood or refused; the message says which.</exception>
    public SwitchConfig Parse(string text)
    {
        var draft = new DraftConfiguration();
        var context = new CommandContext(draft);
        string[] lines = text.Split('\n');
        if (grammar.Interpreter.Replay(context, grammar.ConfigurationSession(draft.Current.HostName), lines) is { } failure)
            throw new FormatException($"line {failure.LineNumber}, \"{lines[failure.LineNumber - 1].Trim()}\": {failure.Result.Error}");
        return draft.Current;
    }

    /// <summary>To put a port in a VLAN makes the VLAN, so one that was removed under its ports has to be removed again.</summary>
    private static IEnumerable<string> RemovedVlans(SwitchConfig config)
    {
        VlanSet missing = VlanReferences.Missing(config);
        return missing.IsEmpty ? [] : ["", .. VlanLists.Lines(missing).Select(list => $"no vlan {list}")];
    }
}
