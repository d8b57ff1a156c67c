using VSwitch.Frames;

namespace VSwitch.Ports;

/// <summary>A frame that a <see cref="MemoryPort"/> sent: its bytes with the tag, and the metadata for its receiver.</summary>
public sealed record SentFrame(byte[] Bytes, Offload Offload);
