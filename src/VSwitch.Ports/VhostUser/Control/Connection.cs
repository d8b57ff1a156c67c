using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// The byte stream of a front end, cut into messages: a header of 12 bytes, as many more as it says, and the descriptors
/// that came with them. It never waits: a <see cref="Closer"/> closes, and half a message is kept until the rest comes, but not for
/// ever. What came with it may be the front end's own end of the connection, and nobody would hear then that it is gone.
/// A front end that leaves too much to be closed is sent away, so that a port has no more of it than <see cref="ClosingCountMax"/>,
/// what the last message brought, and two sockets.
/// </summary>
internal sealed class Connection(UnixSocket socket, Closer closer) : IDisposable
{
    /// <summary>More than any message has: a memory table has one for each of its 8 regions.</summary>
    private const int DescriptorCountMax = 32;

    /// <summary>More than a front end sends that starts all the rings there can be, before the closing thread first runs.</summary>
    private const int ClosingCountMax = 512;

    /// <summary>More than any message has: the longest is a memory table of 8 regions.</summary>
    private const int PayloadBytesMax = 512;

    /// <summary>How long the rest of a message may take.</summary>
    private static readonly long RestTicksMax = 5 * Stopwatch.Frequency;

    private readonly byte[] _buffer = new byte[MessageHeader.Bytes + PayloadBytesMax];
    private readonly List<Descriptor> _descriptors = [];
    private int _received;

    public int Number => socket.Number;

    /// <summary>When the rest of a message must be there, in ticks of <see cref="Stopwatch"/>; the end of time while none is missing.</summary>
    public long DueTicks { get; private set; } = long.MaxValue;

    /// <summary>Of the message that was received last.</summary>
    public MessageHeader Header => MemoryMarshal.Read<MessageHeader>(_buffer);

    public ReadOnlySpan<byte> Payload => _buffer.AsSpan(MessageHeader.Bytes, (int)Header.PayloadBytes);

    public int DescriptorCount => _descriptors.Count;

    /// <summary>Receives the next message.</summary>
    /// <returns>False when it is not there as a whole.</returns>
    /// <exception cref="VhostUserException">There will be none, or it is none.</exception>
    public bool TryReceive()
    {
        if (closer.Count > ClosingCountMax)
            throw new VhostUserException(VhostUserFault.BadMessage, $"{closer.Count} descriptors that wait to be closed");
        while (_received < MessageHeader.Bytes || _received < MessageHeader.Bytes + Header.PayloadBytes)
        {
            int whole = MessageHeader.Bytes + (_received < MessageHeader.Bytes ? 0 : (int)Header.PayloadBytes);
            int bytes = socket.Receive(_buffer.AsSpan(_received, whole - _received), _descriptors);
            if (bytes is -Errno.EAGAIN or -Errno.EINTR)
            {
                WaitForRest();
                return false;
            }
            if (bytes is -Errno.EMSGSIZE || _descriptors.Count > DescriptorCountMax)
                throw new VhostUserException(VhostUserFault.BadMessage, "too many descriptors");
            if (bytes <= 0)
                throw new VhostUserException(VhostUserFault.Disconnected, bytes == 0 ? "closed by the front end" : $"errno {-bytes}");
            _received += bytes;
            if (_received == MessageHeader.Bytes)
                CheckHeader();
        }
        return true;
    }

    /// <summary>Is done with a message, and has closed what nobody took.</summary>
    public void Finish()
    {
        foreach (Descriptor descriptor in _descriptors)
            closer.Close(descriptor);
        _descriptors.Clear();
        _received = 0;
        DueTicks = long.MaxValue;
    }

    /// <summary>The payload as a structure, of which a front end may leave out padding at the end.</summary>
    /// <exception cref="VhostUserException">The payload has another length.</exception>
    public T Read<T>(int bytesMin = 0) where T : unmanaged
    {
        int bytes = Unsafe.SizeOf<T>();
        if (Payload.Length > bytes || Payload.Length < (bytesMin == 0 ? bytes : bytesMin))
            throw new VhostUserException(VhostUserFault.BadMessage, $"{Header.Request} with {Payload.Length} bytes");
        T value = default;
        Payload.CopyTo(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    /// <summary>A descriptor that came. It stays the connection's.</summary>
    /// <exception cref="VhostUserException">Not so many came.</exception>
    public Descriptor DescriptorAt(int index) => index < _descriptors.Count
        ? _descriptors[index]
        : throw new VhostUserException(VhostUserFault.BadMessage, $"{Header.Request} without a descriptor");

    /// <summary>Takes the first descriptor that came; the caller owns it. Closing it waits for nothing.</summary>
    /// <exception cref="VhostUserException">None came, or it is no event descriptor.</exception>
    public SharedEvent TakeEvent()
    {
        SharedEvent taken = SharedEvent.Take(DescriptorAt(0)) ?? throw new VhostUserException(VhostUserFault.BadEvent, Header.Request.ToString());
        _descriptors.RemoveAt(0);
        return taken;
    }

    /// <summary>Answers the message that was received last.</summary>
    /// <exception cref="VhostUserException">The front end does not read.</exception>
    public void Reply(ReadOnlySpan<byte> payload, params ReadOnlySpan<Descriptor> descriptors)
    {
        Span<byte> message = stackalloc byte[MessageHeader.Bytes + payload.Length];
        var header = new MessageHeader
        {
            Request = Header.Request,
            Flags = MessageHeader.Version | MessageHeader.ReplyFlag,
            PayloadBytes = (uint)payload.Length,
        };
        MemoryMarshal.Write(message, in header);
        payload.CopyTo(message[MessageHeader.Bytes..]);
        int sent = socket.Send(message, descriptors);
        if (sent != message.Length)
            throw new VhostUserException(sent == -Errno.EAGAIN ? VhostUserFault.PeerStalled : VhostUserFault.Disconnected, "reply");
    }

    public void Dispose()
    {
        Finish();
        socket.Shutdown();
        closer.Close(socket);
    }

    /// <summary>The time counts from when a part was seen first.</summary>
    private void WaitForRest()
    {
        if (_received == 0)
            return;
        long now = Stopwatch.GetTimestamp();
        if (now >= DueTicks)
            throw new VhostUserException(VhostUserFault.BadMessage, $"{_received} bytes and no more");
        DueTicks = Math.Min(DueTicks, now + RestTicksMax);
    }

    private void CheckHeader()
    {
        MessageHeader header = Header;
        if ((header.Flags & MessageHeader.VersionMask) != MessageHeader.Version || header.PayloadBytes > PayloadBytesMax)
            throw new VhostUserException(VhostUserFault.BadMessage, $"flags {header.Flags:x}, {header.PayloadBytes} bytes");
    }
}
