using System.Net.Sockets;
using System.Text;

namespace VSwitch.Integration.Tests.Qemu;

/// <summary>
/// A running QEMU with a guest in it that takes commands over a serial port, so that it can be asked about its network
/// without one. It has whatever network cards its options give it; the first is eth0. It has two processors: with one, QEMU
/// before 8.1 leaves out the guest's memory barriers (its commit c914d46d0a64), and a virtio card can miss for ever that there is something to send.
/// </summary>
public sealed class Guest : IDisposable
{
    private static readonly TimeSpan CommandTimeMax = TimeSpan.FromSeconds(120);

    private readonly Daemon _qemu;
    private readonly StreamReader _answers;
    private readonly Stream _commands;

    /// <summary>Boots a guest and waits until it takes commands.</summary>
    /// <param name="image">What to boot.</param>
    /// <param name="folder">Where its serial port is; whoever QEMU runs as may write there.</param>
    /// <param name="launcher">What QEMU is started through, such as <c>ip netns exec NS</c>; may be empty.</param>
    /// <param name="options">QEMU's options for memory and network cards.</param>
    public Guest(GuestImage image, string folder, string[] launcher, params string[] options)
    {
        string serial = Path.Combine(folder, $"serial-{Guid.NewGuid():N}");
        string[] command =
        [
            .. launcher, "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-no-reboot", "-display", "none",
            "-machine", "q35,accel=tcg", "-m", "256M", "-smp", "2",
            "-kernel", image.Kernel, "-initrd", image.Initramfs, "-append", "console=ttyS0 panic=-1",
            "-serial", "stdio", "-serial", $"unix:{serial},server=on,wait=on", .. options,
        ];
        _qemu = new Daemon(command[0], command[1..]);
        try
        {
            Socket socket = Connect(serial);
            _commands = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = (int)CommandTimeMax.TotalMilliseconds };
            _answers = new StreamReader(_commands, Encoding.UTF8);
            ReadUntil(line => line == "[ready]");
        }
        catch
        {
            _qemu.Dispose();
            throw;
        }
    }

    /// <summary>What QEMU and the guest's kernel wrote.</summary>
    public string Log => _qemu.Log;

    /// <summary>Runs a shell command, one line, in the guest.</summary>
    public ShellResult Try(string command)
    {
        _commands.Write(Encoding.UTF8.GetBytes(command + "\n"));
        (string output, string exit) = ReadUntil(line => line.StartsWith("[exit ", StringComparison.Ordinal));
        return new ShellResult(int.Parse(exit["[exit ".Length..^1]), output.TrimEnd('\n'), "");
    }

    /// <summary>Runs a shell command that has to succeed.</summary>
    public string Run(string command)
    {
        ShellResult result = Try(command);
        return result.ExitCode == 0
            ? result.Output
            : throw new InvalidOperationException($"In the guest '{command}' ended with {result.ExitCode}:\n{result.Output}");
    }

    /// <summary>Has eth0 ask for an address by DHCP.</summary>
    /// <returns>The address, without length.</returns>
    public string AskForAddress()
    {
        Run("udhcpc -i eth0 -n -q -f -t 20 -T 1 -s /etc/dhcp-event");
        return Run("ip -4 -o addr show dev eth0 | awk '{ print $4 }' | cut -d / -f 1").Trim();
    }

    public bool CanPing(string address) =>
        Try($"ping -c 3 -i 0.2 -W 1 {address}").Output.Contains("bytes from", StringComparison.Ordinal);

    /// <summary>Whether a TCP connection to an endpoint's port is made; somebody listens there.</summary>
    public bool CanConnect(Endpoint endpoint, int port) => Connects(endpoint, port, seconds: 30);

    /// <summary>Whether a TCP connection to an endpoint's port is not made, although somebody listens there.</summary>
    public bool CannotConnect(Endpoint endpoint, int port) => !Connects(endpoint, port, seconds: 2);

    /// <summary>Sends random bytes to an endpoint by TCP and compares both ends.</summary>
    public void SendTcp(Endpoint endpoint, int megabytes)
    {
        const int port = 5301;
        string received = Path.GetTempFileName();
        try
        {
            using Daemon server = endpoint.Listen(port, $"OPEN:{received},trunc");
            Run($"dd if=/dev/urandom of=/tmp/sent bs=1M count={megabytes} && nc {endpoint.Address} {port} < /tmp/sent");
            Wait.Until(() => !server.IsRunning, () => $"the receiver to end:\n{server.Log}");
            Assert.Equal(megabytes << 20, new FileInfo(received).Length);
            Assert.Equal(Run("sha256sum < /tmp/sent"), Digest(received));
        }
        finally
        {
            File.Delete(received);
        }
    }

    /// <summary>Receives random bytes from an endpoint by TCP and compares both ends.</summary>
    public void ReceiveTcp(Endpoint endpoint, string ownAddress, int megabytes)
    {
        const int port = 5302;
        string sent = Path.GetTempFileName();
        try
        {
            Shell.Run("dd", "if=/dev/urandom", $"of={sent}", "bs=1M", $"count={megabytes}", "status=none");
            Run($"nc -l -p {port} > /tmp/received & until netstat -ltn | grep -q :{port}; do usleep 50000; done");
            endpoint.Run("socat", "-u", $"OPEN:{sent}", $"TCP:{ownAddress}:{port},connect-timeout=10");
            Run("while pidof nc; do usleep 50000; done");
            Assert.Equal($"{megabytes << 20}", Run("wc -c < /tmp/received"));
            Assert.Equal(Digest(sent), Run("sha256sum < /tmp/received"));
        }
        finally
        {
            File.Delete(sent);
        }
    }

    /// <summary>Pulls the plug.</summary>
    public void Dispose()
    {
        _commands.Dispose();
        _qemu.Dispose();
    }

    private static string Digest(string file) => Shell.Run("sh", "-c", $"sha256sum < {file}").TrimEnd();

    private bool Connects(Endpoint endpoint, int port, int seconds)
    {
        using Daemon server = endpoint.Listen(port);
        return Try($"nc -w {seconds} {endpoint.Address} {port} < /dev/null").ExitCode == 0;
    }

    private Socket Connect(string path)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        Wait.Until(() => File.Exists(path) || !_qemu.IsRunning, () => $"QEMU to start:\n{Log}");
        Wait.Until(() => TryConnect(socket, path), () => $"QEMU to listen:\n{Log}");
        return socket;
    }

    private static bool TryConnect(Socket socket, string path)
    {
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <returns>What came before the line, and the line.</returns>
    private (string Before, string Line) ReadUntil(Func<string, bool> isLast)
    {
        var before = new StringBuilder();
        try
        {
            while (_answers.ReadLine() is { } line)
            {
                if (isLast(line))
                    return (before.ToString(), line);
                before.Append(line).Append('\n');
            }
        }
        catch (IOException)
        {
            // Too long without an answer; told below as the end of the stream is.
        }
        throw new InvalidOperationException($"The guest does not answer. It said:\n{before}\nIts console:\n{Log}");
    }
}
