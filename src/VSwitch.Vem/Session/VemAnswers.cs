using VSwitch.Forwarding;
using VSwitch.Frames;
using VSwitch.Protocol;
using VSwitch.Wire;

namespace VSwitch.Vem;

/// <summary>Answers what the VSM asks: counters, MAC addresses, a <c>vemcmd</c> line. Runs on the control loop.</summary>
internal sealed class VemAnswers(VemControl control, VemCommands commands)
{
    public Answer Answer(Question question)
    {
        var answer = new Answer { Question = question.Id };
        switch (question.BodyCase)
        {
            case Question.BodyOneofCase.Counters:
                answer.Counters = ReadCounters();
                break;
            case Question.BodyOneofCase.MacTable:
                answer.MacTable = ReadMacTable();
                break;
            case Question.BodyOneofCase.Command:
                answer.Command = commands.Run(question.Command);
                break;
            case Question.BodyOneofCase.Clear:
                Clear(question.Clear);
                answer.Command = new CommandResult { Ok = true };
                break;
        }
        return answer;
    }

    private Counters ReadCounters()
    {
        var counters = new Counters();
        foreach (VemPort port in control.Ports)
        {
            if (port.SwitchPort is { } open && port.Interface is { } name)
                counters.Interfaces.Add(ToMessage(name, open.ReadCounters()));
        }
        foreach (BoundAccessList list in control.Switch.AccessLists.Lists)
        {
            var message = new Protocol.AccessListCounters { Name = list.Rules.Config.Name };
            for (int entry = 0; entry < list.Rules.EntryCount; entry++)
            {
                ulong matches = control.Switch.AccessLists.Matches(list, entry, control.Switch.ReadCell);
                message.Entries.Add(new EntryCounter { Sequence = list.Rules.Entry(entry).Sequence, Matches = matches });
            }
            counters.AccessLists.Add(message);
        }
        return counters;
    }

    private static InterfaceCounters ToMessage(string name, PortCounters counters)
    {
        var message = new InterfaceCounters
        {
            Interface = name,
            ReceivedUnicast = counters.ReceivedUnicast,
            ReceivedMulticast = counters.ReceivedMulticast,
            ReceivedBroadcast = counters.ReceivedBroadcast,
            ReceivedBytes = counters.ReceivedBytes,
            SentUnicast = counters.SentUnicast,
            SentMulticast = counters.SentMulticast,
            SentBroadcast = counters.SentBroadcast,
            SentBytes = counters.SentBytes,
            SentFlood = counters.SentFlood,
            SoftwareChecksums = counters.SoftwareChecksums,
            SoftwareSegmentations = counters.SoftwareSegmentations,
        };
        for (DropReason reason = DropReason.None + 1; reason < DropReason.Count; reason++)
        {
            if (counters.Drops(reason) > 0)
                message.Drops.Add(new DropCounter { Reason = DropReasons.Name(reason), Count = counters.Drops(reason), Egress = DropReasons.IsEgress(reason) });
        }
        return message;
    }

    private Protocol.MacTable ReadMacTable()
    {
        var table = new Protocol.MacTable();
        foreach (MacTableEntry entry in control.Switch.MacTable.Entries(Switch.NowSeconds))
        {
            VemPort? port = control.Ports.FirstOrDefault(port => port.SwitchPort?.Index == entry.Port);
            table.Entries.Add(new MacEntry
            {
                Vlan = (uint)entry.Vlan,
                Mac = new MacAddress(entry.Address).ToColon(),
                Interface = port?.Interface ?? "",
                IsStatic = entry.IsStatic,
                AgeSeconds = entry.AgeSeconds,
            });
        }
        return table;
    }

    private void Clear(ClearQuestion clear)
    {
        if (clear.MacTable)
            control.Switch.MacTable.FlushDynamic();
        if (clear.AccessLists)
            control.Switch.AccessLists.ClearCounters(clear.AccessList.Length > 0 ? clear.AccessList : null, control.Switch.ReadCell);
        if (clear.Counters)
            control.ClearCounters(clear.Interface.Length > 0 ? clear.Interface : null);
    }
}
