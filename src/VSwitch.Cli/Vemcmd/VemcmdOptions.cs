using VSwitch.Cli.Arguments;
using VSwitch.Grpc;
using VSwitch.Hosting;

namespace VSwitch.Cli.Vemcmd;

/// <summary>What <c>vemcmd</c> was called with: where the VEM is, and the words of what to do.</summary>
/// <param name="Address">The VEM's socket.</param>
/// <param name="Words">The arguments that are left, in order.</param>
internal sealed record VemcmdOptions(GrpcAddress Address, IReadOnlyList<string> Words)
{
    public const string Usage = """
        usage: vemcmd [--socket PATH] attach {tap NAME [--netns NS] | packet IFNAME |
                      vhost-user PATH [--client] [--mtu BYTES] [--queues N] | stream PATH [--client] [--mtu BYTES]}
                      --profile P --vm VM [--adapter N] [--mac M]
               vemcmd [--socket PATH] detach {vethN | NAME}
               vemcmd [--socket PATH] {show ... | clear ...}
               vemcmd [--socket PATH] -

        The command line of this host's VEM. It works with no VSM.

          --socket PATH    the VEM's socket  (VEM_SOCKET, default /run/vswitch/vem.sock)
          --help           this text

        attach gives a VM's network card its port and prints the port's name, such as Vethernet5:
          tap NAME         makes the TAP netdev NAME; with --netns it goes into the network namespace NS (a name or a path)
          packet IFNAME    takes over a netdev that exists, such as QEMU's TAP
          vhost-user PATH  a vhost-user socket; the VEM listens, or with --client dials; up to N queues  (default 1)
          stream PATH      a socket of QEMU's -netdev stream; the VEM listens, or with --client dials
          --profile P      the port profile, of type vethernet
          --vm VM          the VM's name; with the adapter it decides which vEth this is
          --adapter N      which of the VM's network cards  (default 1)
          --mac M          its MAC address, such as 00:50:56:b3:06:d1
          --mtu BYTES      the MTU of a vhost-user or stream port, 68 to 65535  (default 1500, or QEMU's host_mtu with vhost-user);
                           a host_mtu that is smaller counts. A netdev has its own: ip link set NETDEV mtu N

        With no VSM, attach prints a notice and no vEth, and succeeds: a network card that was there before runs with the policy
        that it had, a new one is blocked until the VSM has numbered it.
        With - it runs the commands in standard input, one in each line, up to the first that fails.
        show and clear take a ? in the place of any word:  vemcmd show ?
        Exit code: 0 done, 1 refused, 2 called wrongly, 3 the VEM cannot be reached.
        """;

    private const string DefaultSocket = "/run/vswitch/vem.sock";

    /// <summary>Reads environment and command line; the command line wins. Null if help is wanted.</summary>
    /// <exception cref="UsageException">An option lacks its value, or nothing is asked for.</exception>
    public static VemcmdOptions? Parse(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        string? socket = null;
        var words = new List<string>();
        for (int i = 0; i < arguments.Count; i++)
        {
            switch (arguments[i])
            {
                case "--help" or "-h":
                case "?" when words.Count == 0:
                    return null;
                case "--socket":
                    socket = ++i < arguments.Count ? arguments[i] : "";
                    break;
                case var attached when attached.StartsWith("--socket=", StringComparison.Ordinal):
                    socket = attached["--socket=".Length..];
                    break;
                case var unknown when words.Count == 0 && unknown is ['-', _, ..]:
                    throw new UsageException($"There is no option '{unknown}' before the command.");
                default:
                    words.Add(arguments[i]);
                    break;
            }
        }

        if (socket is "")
            throw new UsageException("The option '--socket' needs a value.");
        if (words.Count == 0)
            throw new UsageException("There is nothing to do: say attach, detach, show or clear.");
        if (string.IsNullOrEmpty(socket))
            socket = environment("VEM_SOCKET") is { Length: > 0 } said ? said : DefaultSocket;
        return new VemcmdOptions(ServerAddress.Parse("unix:" + socket), words);
    }
}
