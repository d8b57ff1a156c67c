using VSwitch.Linux;

namespace VSwitch.Ports.VhostUser;

/// <summary>A region of guest memory: where the guest has it, where the front end has it, and where it is mapped here.</summary>
internal readonly unsafe struct GuestRegion
{
    public readonly ulong GuestStart;
    public readonly ulong UserStart;
    public readonly ulong Bytes;
    public readonly byte* Data;
    public readonly SharedMapping Mapping;

    private GuestRegion(in RegionMessage message, SharedMapping mapping)
    {
        GuestStart = message.GuestStart;
        UserStart = message.UserStart;
        Bytes = message.Bytes;
        Data = mapping.Data;
        Mapping = mapping;
    }

    public static GuestRegion Map(in RegionMessage message, Descriptor file)
    {
        if (message.Bytes == 0
            || message.GuestStart + (message.Bytes - 1) < message.GuestStart
            || message.UserStart + (message.Bytes - 1) < message.UserStart)
            throw new VhostUserException(VhostUserFault.BadMemory, "a region is empty or overflows");
        try
        {
            return new GuestRegion(in message, SharedMapping.Open(file, message.Bytes, message.FileOffset));
        }
        catch (LinuxException exception)
        {
            throw new VhostUserException(VhostUserFault.BadMemory, exception.Message);
        }
    }

    public bool Is(in RegionMessage message) =>
        GuestStart == message.GuestStart && UserStart == message.UserStart && Bytes == message.Bytes;

    public bool Overlaps(in RegionMessage message) =>
        Overlap(GuestStart, Bytes, message.GuestStart, message.Bytes) || Overlap(UserStart, Bytes, message.UserStart, message.Bytes);

    private static bool Overlap(ulong start, ulong bytes, ulong otherStart, ulong otherBytes) =>
        otherStart - start < bytes || start - otherStart < otherBytes;
}
