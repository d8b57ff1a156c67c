using System.Buffers.Binary;

namespace VSwitch.Wire;

/// <summary>
/// Writing, inserting and removing a tag: four bytes, type and TCI, between the source address and the type of a frame.
/// Insertion moves the twelve bytes of the addresses and not the payload, so it needs four bytes of room before the frame.
/// </summary>
public static class VlanTag
{
    public const int Bytes = 4;

    /// <summary>Where a tag sits in a frame: after the two addresses.</summary>
    public const int Offset = 2 * MacAddress.Bytes;

    /// <summary>Writes the four bytes of a tag.</summary>
    public static int Write(Span<byte> bytes, ushort etherType, VlanTci tci)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes, etherType);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], tci.Value);
        return Bytes;
    }

    /// <summary>
    /// Inserts a tag. The frame starts <see cref="Bytes"/> into <paramref name="roomAndFrame"/> and at its start afterwards.
    /// Throws when the frame has no two addresses.
    /// </summary>
    public static void Push(Span<byte> roomAndFrame, ushort etherType, VlanTci tci)
    {
        roomAndFrame.Slice(Bytes, Offset).CopyTo(roomAndFrame);
        Write(roomAndFrame[Offset..], etherType, tci);
    }

    /// <summary>
    /// Removes the outer tag. The frame starts <see cref="Bytes"/> into <paramref name="frame"/> afterwards.
    /// Throws when the frame is too short for a tag; that it is one is for the caller to know.
    /// </summary>
    public static void Pop(Span<byte> frame) => frame[..Offset].CopyTo(frame[Bytes..]);
}
