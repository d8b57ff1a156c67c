using VSwitch.Cli.Arguments;
using VSwitch.Grpc;
using VSwitch.Hosting;

namespace VSwitch.Cli.Vsw;

/// <summary>What <c>vsw</c> was called with.</summary>
internal sealed record VswOptions
{
    public const string Usage = """
        usage: vsw [--vsm ADDR] [-c 'COMMAND']... [FILE]

        The command line of the supervisor (VSM). With neither -c nor FILE it talks to you if standard input is a terminal;
        otherwise standard input is a script.

          --vsm ADDR    the supervisor: HOST:PORT or unix:PATH
                        (VSW_VSM, default unix:/run/vswitch/vsm.sock, then 127.0.0.1:4785)
          -c 'COMMAND'  execute COMMAND; may be repeated: modes carry over from one to the next and on to FILE
          FILE          a script: one command per line; blank lines and lines that start with ! are skipped
          --help        this text

        A script stops at the first line that fails; what the lines before it did stays. A FILE whose last line has no end may
        have been cut: nothing of it is run. Exit code: 0 done, 1 a line was refused, 2 called wrongly, 3 the VSM cannot be reached.

          vsw -c 'show module'
          vsw -c 'configure terminal' -c 'vlan 10'
          vsw lab.cfg
        """;

    private static readonly GrpcAddress[] DefaultAddresses =
        [GrpcAddress.Parse("unix:/run/vswitch/vsm.sock"), GrpcAddress.Parse("127.0.0.1:4785")];

    /// <summary>Where the VSM may be, in the order in which to try.</summary>
    public IReadOnlyList<GrpcAddress> Addresses { get; private init; } = DefaultAddresses;

    public IReadOnlyList<string> Commands { get; private init; } = [];

    /// <summary>The script's path; null without one.</summary>
    public string? File { get; private init; }

    public bool WantsHelp { get; private init; }

    /// <summary>Reads environment and command line; the command line wins.</summary>
    /// <exception cref="UsageException">An option is unknown, lacks its value or has a wrong one.</exception>
    public static VswOptions Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var options = new VswOptions();
        string? address = null;
        var reader = new ArgumentReader(arguments);
        while (reader.MoveNext())
        {
            switch (reader.Current)
            {
                case "--help" or "-h" when reader.IsOption:
                    return new VswOptions { WantsHelp = true };
                case "--vsm" when reader.IsOption:
                    address = reader.Value();
                    break;
                case "-c" when reader.IsOption:
                    options = options with { Commands = [.. options.Commands, reader.Value()] };
                    break;
                case var unknown when reader.IsOption:
                    throw new UsageException($"There is no option '{unknown}'.");
                case var extra when options.File is not null:
                    throw new UsageException($"'{extra}' is one FILE too many. A command goes behind -c, in quotes: vsw -c 'show module'.");
                default:
                    options = options with { File = reader.Current };
                    break;
            }
        }

        address ??= environment("VSW_VSM");
        return string.IsNullOrEmpty(address) ? options : options with { Addresses = [ServerAddress.Parse(address)] };
    }
}
