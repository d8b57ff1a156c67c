namespace VSwitch.Integration.Tests.Traffic;

/// <summary>A VEM of two workers, one of one that never sleeps, and what workers say of their time.</summary>
public sealed class WorkerTests : LabTest
{
    private const string Configuration = """
        port-profile type ethernet uplink
          switchport mode trunk
          no shutdown
          state enabled
        port-profile type vethernet ten
          switchport mode access
          switchport access vlan 10
          no shutdown
          state enabled
        """;

    public WorkerTests() : base(Laboratory.WithHosts(0, Configuration))
    {
    }

    [Fact]
    public void TwoWorkersDeliverEveryByte()
    {
        LabHost host = Lab.AddHost("host1", vemOptions: ["--cpus", "0,1"]);
        Endpoint[] ends = [.. Enumerable.Range(1, 4).Select(i => Lab.AddEndpoint(host, $"vm{i}", "ten", $"10.1.0.{i}/24"))];
        ends[0].WaitForPing(ends[1]);
        ends[2].WaitForPing(ends[3]);

        host.Vemcmd("clear", "stats");

        // Ports are spread over the workers: two flows in each direction keep both busy, with each other's ports too.
        Parallel.Invoke(
            () => ends[0].SendTcp(ends[1]),
            () => ends[1].SendTcp(ends[2]),
            () => ends[2].SendTcp(ends[3]),
            () => ends[3].SendTcp(ends[0]));

        Assert.Contains("Workers", host.Vemcmd("show", "card", "|", "include", "Workers.* 2"), StringComparison.Ordinal);
        Assert.Empty(host.ReadDrops().Reasons);
    }

    [Fact]
    public void APinnedWorkerHasItsProcessorForItself()
    {
        LabHost host = Lab.AddHost("host1", vemOptions: ["--cpus", "1"]);

        ILookup<bool, string> threads = Directory.GetDirectories($"/proc/{host.Vem.Id}/task").Select(ReadStatus).Where(status => status.Length > 0)
            .ToLookup(status => Field(status, "Name") == "worker-0", status => Field(status, "Cpus_allowed_list"));
        Assert.Equal(["1"], threads[true]);
        Assert.NotEmpty(threads[false]);
        Assert.DoesNotContain(threads[false], processors => processors.Split(',', '-').Contains("1"));

        static string Field(string status, string name) =>
            status.Split('\n').Single(line => line.StartsWith($"{name}:", StringComparison.Ordinal)).Split('\t')[1];
    }

    [Fact]
    public void ABusyWorkerNeverSleepsAndForwards()
    {
        (LabHost host, Endpoint one, Endpoint other) = AddPair("--poll", "busy");
        one.WaitForPing(other);

        // An idle worker that may sleep would not use this much in an hour.
        TimeSpan before = host.Vem.ProcessorTime;
        Wait.Until(() => host.Vem.ProcessorTime - before > TimeSpan.FromSeconds(2), "the busy worker to use its processor");
    }

    [Fact]
    public void ItShowsHowBusyItIs()
    {
        (LabHost host, Endpoint one, Endpoint other) = AddPair();
        one.WaitForPing(other);

        using Daemon pings = one.Start("ping", "-q", "-f", other.Address);
        Wait.Until(() => Busy() > 0, "the pings to keep the worker busy");
        pings.Stop();
        Wait.Until(() => Busy() == 0, "the worker to be idle");

        int Busy() => int.Parse(host.Vemcmd("show", "card", "|", "include", "Busiest worker").Split(':')[1]);
    }

    [Fact]
    public void TimesOfTheStagesAreShown()
    {
        (LabHost host, Endpoint one, Endpoint other) = AddPair();

        // One batch in 64 is timed.
        using (one.Start("ping", "-q", "-f", other.Address))
            Wait.Until(() => Stages().Contains("send"), "a batch that is sent to be timed");
        Assert.Equal(["receive", "parse", "vlan", "learn", "lookup", "send", "release"], Stages());

        // An endpoint that is up speaks by itself now and then.
        foreach (Endpoint end in (Endpoint[])[one, other])
            end.Run("ip", "link", "set", end.Device, "down");
        host.Vemcmd("clear", "stats");
        Assert.Empty(Stages());

        string[] Stages() => [.. host.Vemcmd("show", "stats", "stages").Split('\n').Select(line => line.Split(' ')[0]).Where(name => name.Length > 0 && char.IsLower(name[0]))];
    }

    /// <summary>Empty when the thread has just ended.</summary>
    private static string ReadStatus(string task)
    {
        try
        {
            return File.ReadAllText($"{task}/status");
        }
        catch (IOException)
        {
            return "";
        }
    }

    private (LabHost Host, Endpoint One, Endpoint Other) AddPair(params string[] vemOptions)
    {
        LabHost host = Lab.AddHost("host1", vemOptions: vemOptions);
        return (host, Lab.AddEndpoint(host, "vm1", "ten", "10.1.0.1/24"), Lab.AddEndpoint(host, "vm2", "ten", "10.1.0.2/24"));
    }
}
