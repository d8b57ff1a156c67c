using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Ports;
using VSwitch.Ports.VhostUser;

namespace VSwitch.Benchmarks;

/// <summary>
/// A guest with one pair of split rings, and the port that serves it; there is no front end between them. Every descriptor is
/// a chain of one buffer, written once, and stands in the available ring at its own place: to send or to offer buffers is to move
/// an index.
/// </summary>
internal sealed unsafe class VirtqueueGuest : IDisposable
{
    private const int EntryCount = 256;
    private const int BufferBytes = 2048;
    private const ulong Start = 0x4000_0000;
    private const int InboundOffset = 0;
    private const int OutboundOffset = 1 << 20;
    private const int MemoryBytes = 2 << 20;

    // From the start of a ring.
    private const int AvailableOffset = 0x4000;
    private const int UsedOffset = 0x8000;
    private const int BuffersOffset = 0x10000;

    private readonly Descriptor _file = MemoryMap.CreateFile("benchmark", MemoryBytes);
    private readonly MemoryMap _memory;
    private readonly VhostUserPort _port;
    private readonly GuestMemory _guestMemory;
    private readonly GuestRing[] _rings;

    /// <param name="frame">What the guest sends, every time.</param>
    public VirtqueueGuest(byte[] frame)
    {
        _memory = MemoryMap.Shared(_file, 0, MemoryBytes);
        _port = VhostUserPort.Open(new VhostUserOptions { Path = Path.Combine(Path.GetTempPath(), $"vswitch-{Guid.NewGuid():N}.sock") });
        SendQueue = _port.OpenSendQueue(0);
        _port.Start();

        WriteRing(InboundOffset, RingDescriptorFlags.Write, BufferBytes);
        WriteRing(OutboundOffset, RingDescriptorFlags.None, GuestRing.HeaderBytesLong + frame.Length);
        for (int i = 0; i < EntryCount; i++)
            frame.CopyTo(new Span<byte>(_memory.Data + OutboundOffset + BuffersOffset + i * BufferBytes + GuestRing.HeaderBytesLong, frame.Length));

        RegionMessage region = new() { GuestStart = Start, UserStart = Start, Bytes = MemoryBytes };
        _guestMemory = GuestMemory.Empty().With(in region, _file);
        DeviceState device = new(_guestMemory, VirtioFeatures.Version1 | VirtioFeatures.MergeableBuffers, Log: null, Inflight: null);
        _rings = [MakeRing(0, InboundOffset, in device), MakeRing(1, OutboundOffset, in device)];
        for (int i = 0; i < _rings.Length; i++)
            _port.Bind(i, _rings[i], kick: null);
    }

    /// <summary>What the guest sends.</summary>
    public IReceiveQueue ReceiveQueue => _port.ReceiveQueues[0];

    /// <summary>What it receives.</summary>
    public ISendQueue SendQueue { get; }

    /// <summary>Makes a batch of frames available.</summary>
    public void SendBatch() => MoveIndex(OutboundOffset);

    /// <summary>Makes buffers for a batch of frames available.</summary>
    public void OfferBatch() => MoveIndex(InboundOffset);

    public void Dispose()
    {
        for (int i = 0; i < _rings.Length; i++)
        {
            _port.Bind(i, ring: null, kick: null);
            _rings[i].Close(waits: false);
        }
        _guestMemory.RemoveHolder();
        _port.Close();
        _memory.Dispose();
        _file.Dispose();
    }

    private void MoveIndex(int ring)
    {
        ref ushort index = ref *(ushort*)(_memory.Data + ring + AvailableOffset + RingLayout.IndexOffset);
        Volatile.Write(ref index, (ushort)(index + FrameBatch.Capacity));
    }

    private void WriteRing(int ring, RingDescriptorFlags flags, int bytes)
    {
        var descriptors = (RingDescriptor*)(_memory.Data + ring);
        var available = (ushort*)(_memory.Data + ring + AvailableOffset);
        for (ushort i = 0; i < EntryCount; i++)
        {
            descriptors[i] = new RingDescriptor { Address = Start + (ulong)(ring + BuffersOffset + i * BufferBytes), Bytes = (uint)bytes, Flags = flags };
            available[RingLayout.EntriesOffset / sizeof(ushort) + i] = i;
        }
    }

    private GuestRing MakeRing(int index, int ring, in DeviceState device)
    {
        ulong start = Start + (ulong)ring;
        var setup = new RingSetup(index) { EntryCount = EntryCount };
        setup.SetAddress(new RingAddressMessage { Descriptors = start, Available = start + AvailableOffset, Used = start + UsedOffset });
        return new GuestRing(_port, setup, in device);
    }
}
