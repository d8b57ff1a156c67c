using System.Diagnostics;
using System.Runtime.InteropServices;
using VSwitch.Linux;
using VSwitch.Wire;

namespace VSwitch.Ports.VhostUser;

/// <summary>
/// One front end's connection: reads its requests and does them (vhost-user, "Front-end message types"). Belongs to the control
/// thread. Whatever it may not do ends in a <see cref="VhostUserException"/>, and that in the end of the connection.
/// </summary>
internal sealed class FrontEnd : IDisposable
{
    /// <summary>VHOST_USER_F_PROTOCOL_FEATURES: the bit of the device's features that no device has.</summary>
    private const ulong ProtocolFeaturesBit = 1UL << 30;

    private const ProtocolFeatures Offered = ProtocolFeatures.MultiQueue | ProtocolFeatures.LogSharedMemory
        | ProtocolFeatures.Rarp | ProtocolFeatures.ReplyAck | ProtocolFeatures.Mtu | ProtocolFeatures.InflightSharedMemory
        | ProtocolFeatures.ResetDevice | ProtocolFeatures.MemorySlots | ProtocolFeatures.Status;

    private const int RegionCountClassic = 8;

    /// <summary>So that one front end that asks without end, or for much, does not keep the others waiting.</summary>
    private static readonly long TurnTicks = Stopwatch.Frequency / 1000;

    private readonly VhostUserPort _port;
    private readonly int _queueCount;
    private readonly Connection _connection;
    private readonly Device _device;
    private ProtocolFeatures _protocol;
    private bool _hasProtocolFeatures;
    private ulong _status;

    public FrontEnd(VhostUserPort port, int queueCount, Connection connection)
    {
        _port = port;
        _queueCount = queueCount;
        _connection = connection;
        _device = new Device(port, queueCount);
    }

    public int Number => _connection.Number;

    /// <summary>When <see cref="Serve"/> is to be called though nothing has come, in ticks of <see cref="Stopwatch"/>.</summary>
    public long DueTicks { get; private set; } = long.MaxValue;

    /// <summary>Whether it has sent a whole message.</summary>
    public bool HasSpoken { get; private set; }

    /// <summary>
    /// Does what has been asked, until a turn is over. A change can take away many rings at once: they start one by one again,
    /// in as many turns as that takes, and only then the next request is read.
    /// </summary>
    /// <exception cref="VhostUserException">The connection is at its end.</exception>
    public void Serve()
    {
        long start = Stopwatch.GetTimestamp();
        while (_device.TryStart() || TryDoNext())
        {
            if (Stopwatch.GetTimestamp() - start < TurnTicks)
                continue;
            DueTicks = start;
            return;
        }
        DueTicks = _connection.DueTicks;
    }

    public void Dispose()
    {
        _device.Dispose();
        _connection.Dispose();
    }

    /// <returns>False when nothing more has been asked.</returns>
    private bool TryDoNext()
    {
        if (!_connection.TryReceive())
            return false;
        HasSpoken = true;
        bool isAnswered = Do(_connection.Header.Request);
        bool isAnswerWanted = (_connection.Header.Flags & MessageHeader.NeedReplyFlag) != 0;
        if (isAnswerWanted && !isAnswered && _protocol.HasFlag(ProtocolFeatures.ReplyAck))
            ReplyNumber(0);
        _connection.Finish();
        return true;
    }

    /// <returns>Whether the request has had an answer of its own.</returns>
    private bool Do(Request request)
    {
        switch (request)
        {
            case Request.GetFeatures:
                return ReplyNumber((ulong)Device.Offered | ProtocolFeaturesBit);
            case Request.SetFeatures:
                SetFeatures(_connection.Read<ulong>());
                return false;
            case Request.GetProtocolFeatures:
                return ReplyNumber((ulong)Offered);
            case Request.SetProtocolFeatures:
                SetProtocolFeatures((ProtocolFeatures)_connection.Read<ulong>());
                return false;
            case Request.SetOwner:
            case Request.SetLogEvent:
            case Request.SetRingError:
                return false;
            case Request.ResetOwner:
            case Request.ResetDevice:
                _device.Reset();
                return false;
            case Request.GetQueueCount:
                return ReplyNumber((ulong)_queueCount);
            case Request.GetRegionCountMax:
                return ReplyNumber(GuestMemory.RegionCountMax);
            case Request.SetMemoryTable:
                SetMemoryTable();
                return false;
            case Request.AddRegion:
                AddRegion();
                return false;
            case Request.RemoveRegion:
                RemoveRegion();
                return false;
            case Request.SetLogBase:
                return SetLogBase();
            case Request.GetInflight:
                return GetInflight();
            case Request.SetInflight:
                SetInflight();
                return false;
            case Request.SendRarp:
                Announce();
                return false;
            case Request.SetMtu:
                SetMtu(_connection.Read<ulong>());
                return false;
            case Request.SetStatus:
                SetStatus(_connection.Read<ulong>());
                return false;
            case Request.GetStatus:
                return ReplyNumber(_status);
            case Request.SetRingAddress:
                RingAddressMessage address = _connection.Read<RingAddressMessage>();
                _device.Change(_device.Ring(address.Ring), ring => ring.SetAddress(in address));
                return false;
            case Request.SetRingKick:
            case Request.SetRingCall:
                SetRingEvent(request);
                return false;
            default:
                return DoWithRing(request);
        }
    }

    /// <summary>The requests whose payload is a ring and a number.</summary>
    private bool DoWithRing(Request request)
    {
        switch (request)
        {
            case Request.SetRingSize:
                (RingSetup sized, uint size) = ReadRing();
                if (size > GuestRing.EntryCountMax || !uint.IsPow2(size))
                    throw new VhostUserException(VhostUserFault.BadRingSize, $"{size} entries");
                _device.Change(sized, ring => ring.EntryCount = size);
                return false;
            case Request.SetRingBase:
                (RingSetup based, uint index) = ReadRing();
                if (index > ushort.MaxValue)
                    throw new VhostUserException(VhostUserFault.BadRequest, $"available index {index}");
                _device.Change(based, ring => ring.Base = (ushort)index);
                return false;
            case Request.SetRingEnable:
                (RingSetup enabled, uint isEnabled) = ReadRing();
                _device.Change(enabled, ring => ring.IsEnabled = isEnabled != 0);
                return false;
            case Request.GetRingBase:
                return GetRingBase();
            default:
                throw new VhostUserException(VhostUserFault.BadRequest, $"request {(uint)request}");
        }
    }

    /// <summary>Without protocol features there is no request to enable a ring, and all rings are.</summary>
    private void SetFeatures(ulong features)
    {
        _hasProtocolFeatures = (features & ProtocolFeaturesBit) != 0;
        features &= ~ProtocolFeaturesBit;
        if ((features & ~(ulong)Device.Offered) != 0)
            throw new VhostUserException(VhostUserFault.BadRequest, $"features {features:x}");
        _device.Change(() =>
        {
            _device.SetFeatures((VirtioFeatures)features);
            foreach (RingSetup ring in _device.Rings)
                ring.IsEnabled |= !_hasProtocolFeatures;
        });
    }

    private void SetProtocolFeatures(ProtocolFeatures features)
    {
        if ((features & ~Offered) != ProtocolFeatures.None)
            throw new VhostUserException(VhostUserFault.BadRequest, $"protocol features {(ulong)features:x}");
        _protocol = features;
    }

    /// <summary>A status of zero resets the device (virtio 1.2 section 2.1).</summary>
    private void SetStatus(ulong status)
    {
        _status = status;
        if (status == 0)
            _device.Halt();
    }

    private void SetMemoryTable()
    {
        ReadOnlySpan<byte> payload = _connection.Payload;
        int count = payload.Length >= sizeof(ulong) ? (int)MemoryMarshal.Read<uint>(payload) : 0;
        ReadOnlySpan<RegionMessage> regions = MemoryMarshal.Cast<byte, RegionMessage>(payload.Length >= sizeof(ulong) ? payload[sizeof(ulong)..] : []);
        if (count is < 0 or > RegionCountClassic || count > regions.Length || count != _connection.DescriptorCount)
            throw new VhostUserException(VhostUserFault.BadMessage, $"{count} regions, {_connection.DescriptorCount} descriptors");

        GuestMemory memory = GuestMemory.Empty();
        try
        {
            for (int i = 0; i < count; i++)
            {
                GuestMemory before = memory;
                memory = before.With(in regions[i], _connection.DescriptorAt(i));
                before.RemoveHolder();
            }
        }
        catch
        {
            memory.RemoveHolder();
            throw;
        }
        _device.Change(() => _device.SetMemory(memory));
    }

    private void AddRegion()
    {
        GuestMemory memory = _device.Memory.With(ReadRegion(), _connection.DescriptorAt(0));
        _device.Change(() => _device.SetMemory(memory));
    }

    private void RemoveRegion()
    {
        GuestMemory memory = _device.Memory.Without(ReadRegion());
        _device.Change(() => _device.SetMemory(memory));
    }

    private RegionMessage ReadRegion() => _connection.Read<PaddedRegionMessage>().Region;

    private bool SetLogBase()
    {
        LogMessage message = _connection.Read<LogMessage>();
        var log = new DirtyLog(_connection.DescriptorAt(0), message.Bytes, message.Offset);
        _device.Change(() => _device.SetLog(log));
        _connection.Reply([]);
        return true;
    }

    private bool GetInflight()
    {
        InflightMessage wanted = ReadInflight();
        wanted.Bytes = InflightArea.BytesFor(wanted.RingCount, wanted.RingSize);
        wanted.Offset = 0;
        using Descriptor file = MemoryMap.CreateFile("vhost-user-inflight", (long)wanted.Bytes);
        ReadOnlySpan<byte> answer = MemoryMarshal.AsBytes(new ReadOnlySpan<InflightMessage>(in wanted));
        _connection.Reply(answer[.._connection.Payload.Length], file);
        return true;
    }

    private void SetInflight()
    {
        InflightMessage message = ReadInflight();
        var area = new InflightArea(_connection.DescriptorAt(0), in message);
        _device.Change(() => _device.SetInflight(area));
    }

    private InflightMessage ReadInflight()
    {
        const int bytesMin = 20;
        InflightMessage message = _connection.Read<InflightMessage>(bytesMin);
        if (message.RingCount > _device.Rings.Count || message.RingSize > GuestRing.EntryCountMax)
            throw new VhostUserException(VhostUserFault.BadInflight, $"{message.RingCount} rings of size {message.RingSize}");
        return message;
    }

    /// <summary>The first six bytes of a number are the address.</summary>
    private void Announce()
    {
        ulong payload = _connection.Read<ulong>();
        _port.Announce(MacAddress.Read(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in payload))));
    }

    private void SetMtu(ulong bytes)
    {
        if (bytes is < Mtu.BytesMin or > Mtu.BytesMax)
            throw new VhostUserException(VhostUserFault.BadRequest, $"an MTU of {bytes} bytes");
        _port.SetGuestMtu((int)bytes);
    }

    /// <summary>A ring without kicks would have to be polled, and keep a worker busy for nothing: it is refused. Calls may be missing.</summary>
    private void SetRingEvent(Request request)
    {
        const ulong indexMask = 0xFF;
        const ulong noDescriptorFlag = 0x100;
        ulong payload = _connection.Read<ulong>();
        RingSetup setup = _device.Ring((uint)(payload & indexMask));
        SharedEvent? wakeUp = (payload & noDescriptorFlag) == 0 ? _connection.TakeEvent() : null;
        if (request == Request.SetRingCall)
            _device.Change(setup, ring => ring.SetCall(wakeUp));
        else if (wakeUp is not null)
            _device.Change(setup, ring => ring.SetKick(wakeUp));
        else
            throw new VhostUserException(VhostUserFault.BadEvent, "a ring without kicks");
    }

    /// <summary>
    /// Stops a ring for good: the front end starts it again with a new kick. It may have been disabled or reset before this question.
    /// </summary>
    private bool GetRingBase()
    {
        (RingSetup setup, _) = ReadRing();
        _device.Stop(setup);
        setup.Stop();
        var answer = new RingStateMessage { Ring = (uint)setup.Index, Value = setup.Base };
        _connection.Reply(MemoryMarshal.AsBytes(new ReadOnlySpan<RingStateMessage>(in answer)));
        return true;
    }

    private (RingSetup Ring, uint Value) ReadRing()
    {
        RingStateMessage message = _connection.Read<RingStateMessage>();
        return (_device.Ring(message.Ring), message.Value);
    }

    private bool ReplyNumber(ulong number)
    {
        _connection.Reply(MemoryMarshal.AsBytes(new ReadOnlySpan<ulong>(in number)));
        return true;
    }
}
