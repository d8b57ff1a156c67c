using System.Buffers.Binary;
using System.Net.Sockets;

namespace VSwitch.Ports.Tests;

/// <summary>
/// The VM's side of a stream port: the runtime's own unix socket, with QEMU's framing written here once more. It connects,
/// or listens for a port that is the client, when it has something to send and no connection.
/// </summary>
internal sealed class StreamPeer : IDisposable
{
    private const int ReceiveMilliseconds = 5000;

    private readonly string _path;
    private Socket? _listener;
    private Socket? _connection;

    /// <param name="path">The socket file.</param>
    /// <param name="listens">Whether the port connects to us.</param>
    public StreamPeer(string path, bool listens = false)
    {
        _path = path;
        if (listens)
            Listen();
    }

    /// <summary>A frame as it is on the stream.</summary>
    public static byte[] OnTheStream(byte[] frame)
    {
        byte[] bytes = new byte[sizeof(int) + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(bytes, frame.Length);
        frame.CopyTo(bytes, sizeof(int));
        return bytes;
    }

    public void Listen()
    {
        File.Delete(_path);
        _listener = NewSocket();
        _listener.Bind(new UnixDomainSocketEndPoint(_path));
        _listener.Listen(1);
    }

    public void Connect()
    {
        _connection = NewSocket();
        _connection.ReceiveTimeout = ReceiveMilliseconds;
        _connection.Connect(new UnixDomainSocketEndPoint(_path));
    }

    /// <summary>Sends a frame if there is anybody to send it to, as an unplugged network card would not.</summary>
    public void Send(byte[] frame) => SendBytes(OnTheStream(frame));

    public void SendBytes(ReadOnlySpan<byte> bytes)
    {
        for (int attempt = 0; attempt < 2 && IsReady(); attempt++)
        {
            try
            {
                while (bytes.Length > 0)
                    bytes = bytes[_connection!.Send(bytes)..];
                return;
            }
            catch (SocketException)
            {
                HangUp();
            }
        }
    }

    public byte[] ReceiveFrame() => ReceiveBytes(BinaryPrimitives.ReadInt32BigEndian(ReceiveBytes(sizeof(int))));

    /// <summary>The next frame whose addresses are the given one's; other frames are skipped.</summary>
    public byte[] ReceiveFrame(byte[] like)
    {
        while (true)
        {
            byte[] frame = ReceiveFrame();
            if (frame.AsSpan(0, 12).SequenceEqual(like.AsSpan(0, 12)))
                return frame;
        }
    }

    /// <summary>Whether frames or the end of the stream can be read now.</summary>
    public bool IsReadable => _connection!.Poll(0, SelectMode.SelectRead);

    /// <summary>Whether the port has closed the connection and all that it sent has been read.</summary>
    public bool IsHungUp()
    {
        try
        {
            return _connection!.Receive(new byte[1]) == 0;
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
            return true;
        }
    }

    /// <summary>Sends nothing more.</summary>
    public void Finish() => _connection!.Shutdown(SocketShutdown.Send);

    public void HangUp()
    {
        _connection?.Dispose();
        _connection = null;
    }

    public void Dispose()
    {
        HangUp();
        _listener?.Dispose();
        _listener = null;
    }

    private static Socket NewSocket() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private bool IsReady()
    {
        if (_connection is null && _listener is null)
            Connect();
        else if (_connection is null && _listener!.Poll(0, SelectMode.SelectRead))
        {
            _connection = _listener.Accept();
            _connection.ReceiveTimeout = ReceiveMilliseconds;
        }
        return _connection is not null;
    }

    private byte[] ReceiveBytes(int count)
    {
        byte[] bytes = new byte[count];
        for (int received = 0; received < count;)
        {
            int now = _connection!.Receive(bytes, received, count - received, SocketFlags.None);
            if (now == 0)
                throw new EndOfStreamException($"The stream ended {count - received} bytes before the end of a frame.");
            received += now;
        }
        return bytes;
    }
}
