using VSwitch.Commands;
using VSwitch.Policy;

namespace VSwitch.Vsm;

/// <summary>The <c>show access-lists</c> family.</summary>
internal static class ShowAccessLists
{
    public static void AddTo(Mode<CommandContext> exec)
    {
        exec.Show("show [ip] access-lists [<acl>]", "Shows access lists, and how often each entry has matched.", Whole);
        exec.Show("show [ip] access-lists [<acl>] summary", "Shows where access lists are in use.", Summary);
    }

    private static IEnumerable<AccessListConfig> Named(Invocation<CommandContext> invocation)
    {
        SwitchConfig config = invocation.Context.Config;
        return invocation.TryGet("acl", out string name) ? [AccessListCommands.Find(config, name)] : config.AccessLists.Values;
    }

    private static Report Whole(Invocation<CommandContext> invocation)
    {
        AccessListConfig[] lists = [.. Named(invocation)];
        bool isCounting = Array.Exists(lists, list => list.StatisticsPerEntry);
        ModuleAnswers answers = ModuleAnswers.Ask(isCounting ? invocation.Context.Supervisor.Modules.Connected : [], CounterTable.Question);
        var counters = new CounterTable(answers);
        return new Report(
            new Items("access_lists", lists.Select(list => Whole(list, counters))) { Spaced = false }, answers.Missing);
    }

    private static Report Whole(AccessListConfig list, CounterTable counters)
    {
        string statistics = list.StatisticsPerEntry ? "        statistics per-entry" : "";
        return new Report(
            new Lines($"IP access list {list.Name}") { Data = [("name", list.Name), ("statistics", list.StatisticsPerEntry)] },
            new Lines(list.StatisticsPerEntry ? [statistics] : []),
            new Items("entries", list.Entries.Select(entry => Entry(list, entry, counters))) { Spaced = false });
    }

    private static Report Entry(AccessListConfig list, AccessEntry entry, CounterTable counters)
    {
        bool counts = list.StatisticsPerEntry && entry.Remark is null;
        ulong matches = counters.Matches(list.Name, entry.Sequence);
        string text = AccessEntryText.Of(entry);
        return new Lines(counts ? $"        {text} [match={matches}]" : $"        {text}")
        {
            Data = [("sequence", (long)entry.Sequence), ("rule", text[(text.IndexOf(' ') + 1)..]), ("matches", counts ? matches : Value.None)],
        };
    }

    private static Report Summary(Invocation<CommandContext> invocation)
    {
        InterfaceTable interfaces = invocation.Context.Interfaces;
        return new Items("access_lists", Named(invocation).Select(list => Summary(list, interfaces))) { Spaced = false };
    }

    private static Report Summary(AccessListConfig list, InterfaceTable interfaces)
    {
        (InterfaceStatus Port, string Direction)[] uses =
        [
            .. interfaces.All.Where(port => port.Evaluated.Config.AccessGroupIn == list.Name).Select(port => (port, "ingress")),
            .. interfaces.All.Where(port => port.Evaluated.Config.AccessGroupOut == list.Name).Select(port => (port, "egress")),
        ];
        int entries = list.Entries.Count(entry => entry.Remark is null);
        string[] configured = [.. uses.Select(Text)];
        string[] active = [.. uses.Where(use => use.Port.IsUp).Select(Text)];
        return new Lines(
            $"IPV4 ACL {list.Name}",
            $"        Statistics {(list.StatisticsPerEntry ? "enabled" : "disabled")}",
            $"        Total ACEs Configured: {entries}",
            string.Join('\n', ["        Configured on interfaces:", .. configured.Select(Indented)]),
            string.Join('\n', ["        Active on interfaces:", .. active.Select(Indented)]))
        {
            Data =
            [
                ("name", list.Name), ("statistics", list.StatisticsPerEntry), ("entries", entries),
                ("configured", Value.List(configured.Select(text => (Value)text))), ("active", Value.List(active.Select(text => (Value)text))),
            ],
        };
    }

    private static string Indented(string text) => new string(' ', 16) + text;

    private static string Text((InterfaceStatus Port, string Direction) use) => $"{use.Port.Id} - {use.Direction} (Port ACL)";
}
