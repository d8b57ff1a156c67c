using System.Net.Sockets;
using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>What is particular to stream ports: the socket file, and who connects to whom.</summary>
public sealed class StreamPortTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vswitch-stream-").FullName;

    private string SocketPath => Path.Combine(_folder, "vm.sock");

    [Fact]
    public void LetsOwnerAndGroupConnect()
    {
        StreamPort port = Open();

        UnixFileMode mode = File.GetUnixFileMode(SocketPath);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite, mode);
        Assert.Equal(SocketPath, port.Name);
        Assert.False(port.IsLinkUp);
        Assert.Equal($"nobody is connected to {SocketPath}", port.LinkDownReason);
        port.Close();
        Assert.False(File.Exists(SocketPath));
    }

    [Fact]
    public void ReplacesASocketThatNobodyListensOn()
    {
        LeaveStaleSocket();
        Assert.True(File.Exists(SocketPath));

        StreamPort port = Open();
        port.Start();

        using var peer = new StreamPeer(SocketPath);
        peer.Connect();
        port.Close();
    }

    [Fact]
    public void LeavesWhatIsNotItsOwn()
    {
        File.WriteAllText(SocketPath, "somebody's");
        Assert.Contains(SocketPath, Assert.Throws<PortException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal("somebody's", File.ReadAllText(SocketPath));
        File.Delete(SocketPath);

        StreamPort first = Open();
        var taken = Assert.Throws<PortException>(() => Open());
        Assert.Equal(Errno.EADDRINUSE, Assert.IsType<LinuxException>(taken.InnerException).Errno);

        File.Delete(SocketPath);
        StreamPort second = Open();
        first.Close();
        Assert.True(File.Exists(SocketPath));
        second.Close();
    }

    [Fact]
    public void LeavesAListenerWhoseQueueIsFull()
    {
        StreamPort port = Open();
        var waiting = new List<Socket>();
        try
        {
            while (TryConnectNow() is { } connection)
                waiting.Add(connection);

            Assert.Throws<PortException>(() => Open());
        }
        finally
        {
            waiting.ForEach(connection => connection.Dispose());
            port.Close();
        }
    }

    [Fact]
    public void SaysWhyItCannotOpen()
    {
        var noFolder = Assert.Throws<PortException>(() => Open("/no-such-folder/vm.sock"));
        Assert.Equal(Errno.ENOENT, Assert.IsType<LinuxException>(noFolder.InnerException).Errno);

        string tooLong = "/" + new string('a', 107);
        foreach (bool isClient in new[] { false, true })
        {
            var longPath = Assert.Throws<PortException>(() => Open(tooLong, isClient));
            Assert.Contains("107 bytes", longPath.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void ConnectsToAPeerThatComesLaterAndAgain()
    {
        StreamPort port = Open(isClient: true);
        IReceiveQueue queue = port.ReceiveQueues[0];
        port.Start();
        using var batch = new VSwitch.Frames.FrameBatch();
        Assert.Equal(0, queue.ReceiveSoon(batch));
        Assert.False(port.IsLinkUp);
        Assert.Equal($"nobody listens at {SocketPath}", port.LinkDownReason);

        for (byte life = 0; life < 3; life++)
        {
            using var peer = new StreamPeer(SocketPath, listens: true);
            while (queue.ReceiveSoon(batch) == 0)
                peer.Send(TestFrames.Plain(seed: life));
            Assert.Equal(TestFrames.Plain(seed: life), batch[0].Bytes());
            Assert.True(port.IsLinkUp);
            queue.Release(batch);
        }
        port.Close();
    }

    [Fact]
    public void SetsItsMtu()
    {
        StreamPort port = Open();
        Assert.Equal(1500, port.MtuBytes);
        port.SetMtu(9000);
        Assert.Equal(9000, port.MtuBytes);
        port.SetMtu(1 << 20);
        Assert.Equal(65_535, port.MtuBytes);
        port.Close();
    }

    [Fact]
    public void EveryFaultHasANameAndASentence()
    {
        StreamFault[] faults = [.. Enum.GetValues<StreamFault>().Where(fault => fault != StreamFault.Count)];
        Assert.Equal(faults.Length, faults.Select(StreamFaults.Name).Distinct(StringComparer.Ordinal).Count());
        Assert.All(faults, fault => Assert.EndsWith(".", StreamFaults.Meaning(fault)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private StreamPort Open(string? path = null, bool isClient = false) =>
        StreamPort.Open(new StreamOptions { Path = path ?? SocketPath, IsClient = isClient });

    /// <summary>The runtime removes the file when it closes the socket, a killed process does not.</summary>
    private void LeaveStaleSocket()
    {
        string moved = SocketPath + ".moved";
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(SocketPath));
            socket.Listen();
            File.Move(SocketPath, moved);
        }
        File.Move(moved, SocketPath);
    }

    /// <summary>A connection, or null when the listener's queue is full.</summary>
    private Socket? TryConnectNow()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(SocketPath));
            return socket;
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }
}
