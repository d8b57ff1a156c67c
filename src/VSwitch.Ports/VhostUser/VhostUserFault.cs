namespace VSwitch.Ports;

/// <summary>
/// Why a vhost-user port closed its device. Everything but the first two is a lie or a mistake of the guest or of its
/// front end; <see cref="VhostUserFaults"/> has a name and a sentence for each.
/// </summary>
public enum VhostUserFault : byte
{
    None = 0,
    Disconnected,
    BadMessage,
    BadRequest,
    BadMemory,
    BadLog,
    BadInflight,
    BadEvent,
    BadRingSize,
    BadRingAddress,
    IndexJump,
    BadHead,
    ChainLoop,
    BadDescriptor,
    BadIndirect,
    BadAddress,
    HeaderCut,
    MemoryTruncated,
    PeerStalled,
    Internal,
    Count,
}

/// <summary>The name and the meaning of every <see cref="VhostUserFault"/>.</summary>
public static class VhostUserFaults
{
    private static readonly (string Name, string Meaning)[] Texts = new (string, string)[(int)VhostUserFault.Count];

    static VhostUserFaults()
    {
        Tell(VhostUserFault.None, "none", "The device has not been closed.");
        Tell(VhostUserFault.Disconnected, "disconnected", "The front end closed its connection.");
        Tell(VhostUserFault.BadMessage, "bad-message", "A message had a wrong version, length or number of descriptors, or stayed half.");
        Tell(VhostUserFault.BadRequest, "bad-request", "A request is not known, comes at a wrong time or asks for what was not offered.");
        Tell(VhostUserFault.BadMemory, "bad-memory", "A memory region overlaps another, overflows, or is not within its file, or the file is not in memory.");
        Tell(VhostUserFault.BadLog, "bad-log", "The dirty log cannot be mapped or does not cover what is written.");
        Tell(VhostUserFault.BadInflight, "bad-inflight", "The in-flight area cannot be mapped or does not fit its rings.");
        Tell(VhostUserFault.BadEvent, "bad-event", "A descriptor for kicks or calls is no eventfd, or a ring is to have no kicks.");
        Tell(VhostUserFault.BadRingSize, "bad-ring-size", "A ring's size is not a power of two from 1 to 32,768.");
        Tell(VhostUserFault.BadRingAddress, "bad-ring-address", "A part of a ring is not aligned or not within one memory region.");
        Tell(VhostUserFault.IndexJump, "index-jump", "The available index moved by more than the ring's size.");
        Tell(VhostUserFault.BadHead, "bad-head", "The available ring names a descriptor beyond the table.");
        Tell(VhostUserFault.ChainLoop, "chain-loop", "A descriptor chain is longer than its table.");
        Tell(VhostUserFault.BadDescriptor, "bad-descriptor", "A descriptor's flags or successor are not allowed where it stands.");
        Tell(VhostUserFault.BadIndirect, "bad-indirect", "An indirect table has a wrong length, is nested or is not within one memory region.");
        Tell(VhostUserFault.BadAddress, "bad-address", "A buffer is not within guest memory.");
        Tell(VhostUserFault.HeaderCut, "header-cut", "A chain is too short for the virtio_net_hdr.");
        Tell(VhostUserFault.MemoryTruncated, "memory-truncated", "Shared memory went away while it was in use.");
        Tell(VhostUserFault.PeerStalled, "peer-stalled", "The front end does not read replies.");
        Tell(VhostUserFault.Internal, "internal", "The port failed at something that it should not have failed at.");
    }

    public static string Name(VhostUserFault fault) => Texts[(int)fault].Name;

    public static string Meaning(VhostUserFault fault) => Texts[(int)fault].Meaning;

    private static void Tell(VhostUserFault fault, string name, string meaning) => Texts[(int)fault] = (name, meaning);
}

/// <summary>The front end did what it must not; the connection ends.</summary>
internal sealed class VhostUserException(VhostUserFault fault, string detail) : Exception(detail)
{
    public VhostUserFault Fault => fault;
}
