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
    private const int HeadRank = 0;
    private const int InterfaceRank = 1;
    private const int TailRank = 2;

    /// <summary>The commands, each line ended; sections are parted by empty lines.</summary>
    public string Render(SwitchConfig config) =>
        string.Concat([Head(config), .. config.Interfaces.Values.Select(Section), Tail(config)]);

    /// <summary>
    /// What differs between two configurations, as parts of the text. Interfaces, of which there may be very many, are a
    /// part each; what stands before them is one part, and what stands behind them another.
    /// </summary>
    public IEnumerable<ConfigPart> Changes(SwitchConfig before, SwitchConfig after)
    {
        // Compares the references of all that is immutable: equal references are equal texts, and soon compared.
        bool isHeadSame = before with { Interfaces = after.Interfaces } == after;
        if (!isHeadSame && Head(after) is var head && head != Head(before))
            yield return new ConfigPart(HeadRank, "head", head);
        foreach (InterfaceConfig port in after.Interfaces.Values)
        {
            InterfaceConfig? old = before.Interfaces.GetValueOrDefault(port.Id);
            if (!ReferenceEquals(old, port) && (old is null || Section(old) != Section(port)))
                yield return new ConfigPart(InterfaceRank, $"interface {port.Id}", Section(port));
        }

        foreach (InterfaceId id in before.Interfaces.Keys.Where(id => !after.Interfaces.ContainsKey(id)))
            yield return new ConfigPart(InterfaceRank, $"interface {id}", null);
        if (Tail(before) != Tail(after))
            yield return new ConfigPart(TailRank, "tail", Tail(after));
    }

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

    private string Head(SwitchConfig config) =>
        Text(grammar.Global.Render(config with { Interfaces = SwitchConfig.Empty.Interfaces }).SkipWhile(line => line.Length == 0));

    private string Section(InterfaceConfig port) => Text(grammar.Interface.RenderSection($"interface {port.Id}", port));

    /// <summary>To put a port in a VLAN makes the VLAN, so one that was removed under its ports has to be removed again.</summary>
    private static string Tail(SwitchConfig config)
    {
        VlanSet missing = VlanReferences.Missing(config);
        return missing.IsEmpty ? "" : Text(["", .. VlanLists.Lines(missing).Select(list => $"no vlan {list}")]);
    }

    private static string Text(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));
}
