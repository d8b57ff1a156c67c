using System.Net;
using VSwitch.Grpc;
using VSwitch.Hosting;

namespace VSwitch.Vsm;

/// <summary>How the program is told to run. Each option has an environment variable of the same meaning; the option wins.</summary>
public sealed record VsmOptions
{
    public const string Usage = """
        Usage: vsm [--listen ADDR[,ADDR]...] [--state DIR] [--socket PATH]

        The supervisor of a virtual distributed switch: holds the configuration and pushes it to the VEMs.

          --listen ADDR   where VEMs and vsw connect: host:port, or unix:PATH; several parted by commas
                          (default 127.0.0.1:4785, environment VSM_LISTEN)
          --state DIR     where the configuration is kept (default /var/lib/vswitch/vsm, environment VSM_STATE)
          --socket PATH   a unix socket to listen at besides (default /run/vswitch/vsm.sock, environment VSM_SOCKET)
          --help          this text

        """;

    private static readonly string[] Names = ["listen", "state", "socket"];

    public required IReadOnlyList<GrpcAddress> Listen { get; init; }

    public required string StateDirectory { get; init; }

    /// <summary>Reads the command line and the environment.</summary>
    /// <exception cref="UsageException">An option is unknown, lacks its value, or has one that cannot be.</exception>
    public static VsmOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        Dictionary<string, string> given = Read(arguments);
        string Value(string name, string otherwise)
        {
            string? value = given.GetValueOrDefault(name) ?? environment($"VSM_{name.ToUpperInvariant()}");
            return string.IsNullOrEmpty(value) ? otherwise : value;
        }

        string socket = Value("socket", "/run/vswitch/vsm.sock");
        return new VsmOptions
        {
            Listen = [.. Value("listen", "127.0.0.1:4785").Split(',').Append($"unix:{socket}").Distinct().Select(Address)],
            StateDirectory = Value("state", "/var/lib/vswitch/vsm"),
        };
    }

    private static Dictionary<string, string> Read(IReadOnlyList<string> arguments)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int i = 0; i < arguments.Count; i++)
        {
            string[] parts = arguments[i].Split('=', 2);
            string name = parts[0].StartsWith("--", StringComparison.Ordinal) ? parts[0][2..] : "";
            if (!Names.Contains(name))
                throw new UsageException($"there is no option {parts[0]}; there are --listen, --state, --socket and --help");
            string? value = parts.Length == 2 ? parts[1] : arguments.ElementAtOrDefault(++i);
            given[name] = value is { Length: > 0 } ? value : throw new UsageException($"--{name} needs a value");
        }

        return given;
    }

    private static GrpcAddress Address(string text)
    {
        GrpcAddress address;
        try
        {
            address = GrpcAddress.Parse(text);
        }
        catch (FormatException exception)
        {
            throw new UsageException(exception.Message);
        }
        bool stays = address.SocketPath is not null || address.Host == "localhost"
            || (IPAddress.TryParse(address.Host, out IPAddress? ip) && IPAddress.IsLoopback(ip));
        return stays
            ? address
            : throw new UsageException(
                $"'{text}' can be reached from other machines, and vsm does not encrypt yet; listen at 127.0.0.1:PORT, [::1]:PORT or unix:PATH");
    }
}
