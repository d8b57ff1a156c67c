using System.Runtime.InteropServices;

namespace VSwitch.Ports.VhostUser;

/// <summary>What a front end asks (vhost-user, "Front-end message types"). Every number and field is little-endian.</summary>
internal enum Request : uint
{
    GetFeatures = 1,
    SetFeatures = 2,
    SetOwner = 3,
    ResetOwner = 4,
    SetMemoryTable = 5,
    SetLogBase = 6,
    SetLogEvent = 7,
    SetRingSize = 8,
    SetRingAddress = 9,
    SetRingBase = 10,
    GetRingBase = 11,
    SetRingKick = 12,
    SetRingCall = 13,
    SetRingError = 14,
    GetProtocolFeatures = 15,
    SetProtocolFeatures = 16,
    GetQueueCount = 17,
    SetRingEnable = 18,
    SendRarp = 19,
    SetMtu = 20,
    GetInflight = 31,
    SetInflight = 32,
    ResetDevice = 34,
    GetRegionCountMax = 36,
    AddRegion = 37,
    RemoveRegion = 38,
    SetStatus = 39,
    GetStatus = 40,
}

/// <summary>What the two ends agree on beside the device's features (vhost-user, "Protocol features").</summary>
[Flags]
internal enum ProtocolFeatures : ulong
{
    None = 0,
    MultiQueue = 1UL << 0,
    LogSharedMemory = 1UL << 1,
    Rarp = 1UL << 2,
    ReplyAck = 1UL << 3,
    Mtu = 1UL << 4,
    InflightSharedMemory = 1UL << 12,
    ResetDevice = 1UL << 13,
    MemorySlots = 1UL << 15,
    Status = 1UL << 16,
}

/// <summary>The header of every message.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MessageHeader
{
    public const int Bytes = 12;
    public const uint VersionMask = 3;
    public const uint Version = 1;
    public const uint ReplyFlag = 4;
    public const uint NeedReplyFlag = 8;

    public Request Request;
    public uint Flags;

    /// <summary>Bytes that follow.</summary>
    public uint PayloadBytes;
}

/// <summary>A region of guest memory. A descriptor of its file comes with it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RegionMessage
{
    public ulong GuestStart;
    public ulong Bytes;
    public ulong UserStart;
    public ulong FileOffset;
}

/// <summary>A region by itself: to be added or removed.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PaddedRegionMessage
{
    public ulong Padding;
    public RegionMessage Region;
}

/// <summary>A ring and a number.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingStateMessage
{
    public uint Ring;
    public uint Value;
}

/// <summary>Where a ring lies. The first three addresses are the front end's own, the log's is guest-physical.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct RingAddressMessage
{
    public const uint LogFlag = 1;

    public uint Ring;
    public uint Flags;
    public ulong Descriptors;
    public ulong Used;
    public ulong Available;
    public ulong Log;
}

[StructLayout(LayoutKind.Sequential)]
internal struct LogMessage
{
    public ulong Bytes;
    public ulong Offset;
}

/// <summary>Twenty bytes, or 24 as a C compiler pads it: front ends send either.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InflightMessage
{
    public ulong Bytes;
    public ulong Offset;
    public ushort RingCount;
    public ushort RingSize;
}
