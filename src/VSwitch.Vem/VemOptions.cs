using System.Globalization;
using VSwitch.Grpc;
using VSwitch.Hosting;
using VSwitch.Linux;

namespace VSwitch.Vem;

/// <summary>An uplink named on the command line: a netdev and the ethernet profile it asks for.</summary>
public sealed record UplinkOption(string Device, string Profile);

/// <summary>What <c>vem</c> was started with.</summary>
public sealed record VemOptions
{
    public const string DefaultSocket = "/run/vswitch/vem.sock";
    public const string DefaultState = "/var/lib/vswitch/vem";

    private const string Uplink = "uplink";
    private const int DefaultWorkersMax = 4;
    private const int NameLengthMax = 80;
    private const int LatencyMicrosecondsMax = 1_000_000;

    private static readonly string[] Names = ["vsm", "state", "name", Uplink, "cpus", "poll", "latency", "socket"];

    public const string Usage = """
        usage: vem --vsm ADDR --state DIR --name HOST [--uplink IFNAME=PROFILE]... [--cpus LIST]
                   [--poll adaptive|busy] [--latency US] [--socket PATH]

          --vsm ADDR               the supervisor: HOST:PORT or unix:PATH        (VEM_VSM, default 127.0.0.1:4785)
          --state DIR              identity, attachments and last configuration  (VEM_STATE, default /var/lib/vswitch/vem)
          --name HOST              this host's name in show module               (VEM_NAME, default the host name)
          --uplink IFNAME=PROFILE  a netdev that leads out, and its ethernet port profile; may be repeated
                                                                                 (VEM_UPLINK, separated by commas)
          --cpus LIST              processors for the workers, e.g. 1 or 1,3-5; one worker for each
                                                                                 (VEM_CPUS, default one unpinned worker for two processors, 4 at most)
          --poll adaptive|busy     busy workers never sleep: short round trips, a processor each
                                                                                 (VEM_POLL, default adaptive)
          --latency US             microseconds that a processor of this host may take to wake up while this VEM runs;
                                   0 keeps idle ones from halting: short round trips, and power (VEM_LATENCY, default the kernel's choice)
          --socket PATH            where vemcmd finds this VEM                   (VEM_SOCKET, default /run/vswitch/vem.sock)
          --help                   this text
        """;

    public string Vsm { get; init; } = "127.0.0.1:4785";

    public string State { get; init; } = DefaultState;

    public string Name { get; init; } = Environment.MachineName;

    public IReadOnlyList<UplinkOption> Uplinks { get; init; } = [];

    /// <summary>A worker for each; -1 is a worker that the scheduler places.</summary>
    public IReadOnlyList<int> Cpus { get; init; } = [.. Enumerable.Repeat(-1, Math.Clamp(Environment.ProcessorCount / 2, 1, DefaultWorkersMax))];

    /// <summary>Whether workers poll for ever instead of sleeping when there is nothing to do.</summary>
    public bool IsBusy { get; init; }

    /// <summary>How long a processor may take to wake up; null leaves it to the kernel.</summary>
    public int? LatencyMicroseconds { get; init; }

    public string Socket { get; init; } = DefaultSocket;

    /// <summary>Reads environment and command line; the command line wins.</summary>
    /// <exception cref="UsageException">An option is unknown, lacks its value or has a wrong one.</exception>
    public static VemOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var options = new VemOptions();
        foreach (string name in Names)
        {
            if (environment($"VEM_{name.ToUpperInvariant()}") is not { Length: > 0 } value)
                continue;
            foreach (string item in name == Uplink ? value.Split(',') : [value])
                options = options.With(name, item);
        }
        bool uplinkSaid = false;
        var reader = new ArgumentReader(arguments);
        while (reader.MoveNext())
        {
            if (!reader.IsOption)
                throw new UsageException($"'{reader.Current}' is not an option; options start with --.");
            string name = reader.Current.TrimStart('-');
            if (!Names.Contains(name))
                throw new UsageException($"There is no option '{reader.Current}'.");
            if (name == Uplink && !uplinkSaid)
                options = options with { Uplinks = [] };
            uplinkSaid |= name == Uplink;
            options = options.With(name, reader.Value());
        }
        return options;
    }

    private VemOptions With(string name, string value)
    {
        if (value.Length == 0)
            throw new UsageException($"The option '--{name}' needs a value that is not empty.");
        return name switch
        {
            "vsm" => this with { Vsm = CheckAddress(value, value) },
            "state" => this with { State = value },
            "name" => this with { Name = CheckName(value) },
            Uplink => this with { Uplinks = [.. Uplinks, NewUplink(ParseUplink(value))] },
            "cpus" => this with { Cpus = ParseCpus(value) },
            "poll" => this with { IsBusy = ParsePoll(value) },
            "latency" => this with { LatencyMicroseconds = ParseLatency(value) },
            _ => this with { Socket = CheckAddress("unix:" + value, value) },
        };
    }

    private static string CheckName(string value) =>
        value.Length <= NameLengthMax && !value.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter))
            ? value
            : throw new UsageException($"'{value}' is no name of a host; it has 1 to {NameLengthMax} characters and no blanks.");

    private static string CheckAddress(string address, string value)
    {
        try
        {
            GrpcAddress.Parse(address);
            return value;
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
    }

    private static UplinkOption ParseUplink(string value)
    {
        int equals = value.IndexOf('=');
        if (equals <= 0 || equals == value.Length - 1)
            throw new UsageException($"'{value}' is not an uplink; it is IFNAME=PROFILE, such as eth1=uplink.");
        return new UplinkOption(value[..equals], value[(equals + 1)..]);
    }

    private UplinkOption NewUplink(UplinkOption uplink) =>
        Uplinks.Any(other => other.Device == uplink.Device)
            ? throw new UsageException($"The uplink {uplink.Device} is named twice; a netdev has one port profile.")
            : uplink;

    private static bool ParsePoll(string value) => value switch
    {
        "busy" => true,
        "adaptive" => false,
        _ => throw new UsageException($"'{value}' is not a way to poll; it is adaptive or busy."),
    };

    private static int ParseLatency(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int microseconds) && microseconds <= LatencyMicrosecondsMax
            ? microseconds
            : throw new UsageException($"'{value}' is not a latency; it is 0 to {LatencyMicrosecondsMax} microseconds.");

    private static int[] ParseCpus(string value)
    {
        var cpus = new SortedSet<int>();
        foreach (string part in value.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !int.TryParse(ends[0], out int first) || !int.TryParse(ends[^1], out int last) || first < 0 || last < first)
                throw new UsageException($"'{value}' is not a list of processors; it is numbers and ranges, such as 1 or 1,3-5.");
            for (int cpu = first; cpu <= last; cpu++)
            {
                if (!Affinity.CanBind(cpu))
                    throw new UsageException($"There is no processor {cpu}; this machine has {Affinity.Online}, of which a container may have fewer.");
                cpus.Add(cpu);
            }
        }
        return [.. cpus];
    }
}
