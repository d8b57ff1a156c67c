using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

/// <summary>
/// The switch that transcripts are about: two hosts with an uplink and two VMs each, in two VLANs, with an access list that
/// has matched. The VEMs answer questions with fixed numbers.
/// </summary>
internal sealed class Lab : IAsyncDisposable
{
    private static readonly string[] Configuration =
    [
        "ip access-list 500", "statistics per-entry", "10 deny tcp any any eq 23", "20 permit ip any any",
        "port-profile type vethernet server", "switchport mode access", "no shutdown", "state enabled",
        "port-profile type vethernet webservers", "inherit port-profile server", "switchport access vlan 10",
        "ip port access-group 500 in", "state enabled",
        "port-profile type vethernet dbservers", "inherit port-profile server", "switchport access vlan 20", "state enabled",
        "port-profile type ethernet uplink", "switchport mode trunk", "switchport trunk allowed vlan 10,20", "no shutdown",
        "state enabled",
        "interface vethernet 1", "inherit port-profile webservers",
    ];

    private readonly List<FakeVem> _vems = [];

    private Lab(TestVsm vsm) => Vsm = vsm;

    public TestVsm Vsm { get; }

    public static async Task<Lab> StartAsync()
    {
        var lab = new Lab(await TestVsm.StartAsync(Configuration));
        await lab.AddAsync(1, ("web1", "webservers", "00:50:56:b3:06:d1"), ("db1", "dbservers", "00:50:56:b3:06:d2"));
        await lab.AddAsync(2, ("web-server-with-a-very-long-name", "webservers", "00:50:56:b3:06:d3"), ("db2", "dbservers", "00:50:56:b3:06:d4"));
        await lab.Vsm.InSyncAsync();
        return lab;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (FakeVem vem in _vems)
            await vem.DisposeAsync();
        await Vsm.DisposeAsync();
    }

    private async Task AddAsync(int host, params (string Vm, string Profile, string Mac)[] cards)
    {
        Hello hello = FakeVem.Hello(host);
        hello.StartTime = 1795027800;
        hello.Attachments.Add(FakeVem.Uplink("uplink"));
        FakeVem vem = await FakeVem.ConnectAsync(Vsm, hello);
        _vems.Add(vem);
        vem.AnswerQuestion = question => Answer(question, host);
        await vem.HearAsync(VsmMessage.BodyOneofCase.AttachResult);
        string last = "";
        foreach ((string vm, string profile, string mac) in cards)
        {
            Attachment card = FakeVem.Tap(vm, profile);
            card.Mac = mac;
            last = (await vem.AttachAsync(card)).Interface;
        }

        await vem.PortAsync(last, port => port.AdminUp);
    }

    private static Answer Answer(Question question, int host) => question.BodyCase switch
    {
        Question.BodyOneofCase.Counters => new Answer { Counters = Counters(host) },
        Question.BodyOneofCase.MacTable => new Answer { MacTable = MacTable(host) },
        Question.BodyOneofCase.Command when question.Command == "show nonsense" =>
            new Answer { Command = new CommandResult { Error = "% Invalid command at '^' marker.\n" } },
        Question.BodyOneofCase.Command => new Answer { Command = new CommandResult { Ok = true, Output = $"{question.Command} on host{host}\n" } },
        _ => new Answer { Command = new CommandResult { Ok = true } },
    };

    private static Counters Counters(int host)
    {
        var counters = new Counters();
        counters.Interfaces.Add(new InterfaceCounters
        {
            Interface = host == 1 ? "Vethernet1" : "Vethernet3",
            ReceivedUnicast = 14178,
            ReceivedMulticast = 6,
            ReceivedBroadcast = 16,
            ReceivedBytes = 1162614,
            SentUnicast = 301373,
            SentMulticast = 49686,
            SentBroadcast = 448,
            SentBytes = 1153582487,
            SentFlood = 2399,
            SoftwareChecksums = 7,
            SoftwareSegmentations = 3,
            Drops = { new DropCounter { Reason = "acl-in", Count = 12 }, new DropCounter { Reason = "queue-full", Count = 2, Egress = true } },
        });
        counters.AccessLists.Add(new AccessListCounters
        {
            Name = "500",
            Entries = { new EntryCounter { Sequence = 10, Matches = 6 }, new EntryCounter { Sequence = 20, Matches = 602 } },
        });
        return counters;
    }

    private static MacTable MacTable(int host)
    {
        (string own, string other) = host == 1 ? ("00:50:56:b3:06:d1", "00:50:56:b3:06:d3") : ("00:50:56:b3:06:d3", "00:50:56:b3:06:d1");
        return new MacTable
        {
            Entries =
            {
                new MacEntry { Vlan = 10, Mac = own, Interface = host == 1 ? "Vethernet1" : "Vethernet3", IsStatic = true },
                new MacEntry { Vlan = 10, Mac = other, Interface = $"Ethernet{host + 2}/1", AgeSeconds = 17 },
                new MacEntry { Vlan = 20, Mac = "nonsense", Interface = "" },
            },
        };
    }
}
