using VSwitch.Policy;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>What the modules have counted, by interface and by access-list entry.</summary>
public sealed class CounterTable
{
    private readonly Dictionary<InterfaceId, InterfaceCounters> _interfaces = [];
    private readonly Dictionary<(string List, uint Sequence), ulong> _matches = [];

    public CounterTable(ModuleAnswers answers)
    {
        foreach ((Module module, Answer answer) in answers.Given)
        {
            if (answer.Counters is not null)
                Add(module, answer.Counters);
        }
    }

    /// <summary>The counters of the interfaces that modules have attached.</summary>
    public IReadOnlyDictionary<InterfaceId, InterfaceCounters> Interfaces => _interfaces;

    /// <summary>The counters of an interface; all zero if no module has it.</summary>
    public InterfaceCounters Of(InterfaceId id) => _interfaces.GetValueOrDefault(id) ?? new InterfaceCounters();

    /// <summary>The frames that an entry has matched on all modules.</summary>
    public ulong Matches(string list, uint sequence) => _matches.GetValueOrDefault((list, sequence));

    /// <summary>The question whose answers this table is made of.</summary>
    public static Question Question() => new() { Counters = new CountersQuestion() };

    /// <summary>A module speaks for its own interfaces only.</summary>
    private void Add(Module module, Protocol.Counters counters)
    {
        foreach (InterfaceCounters port in counters.Interfaces)
        {
            if (InterfaceId.TryParse(port.Interface, out InterfaceId id) && module.Ports.ContainsKey(id))
                _interfaces[id] = port;
        }

        foreach (AccessListCounters list in counters.AccessLists)
        {
            foreach (EntryCounter entry in list.Entries)
                _matches[(list.Name, entry.Sequence)] = _matches.GetValueOrDefault((list.Name, entry.Sequence)) + entry.Matches;
        }
    }
}
