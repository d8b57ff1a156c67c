using System.Security.Cryptography;
using VSwitch.Frames;

namespace VSwitch.Offloads.Tests;

/// <summary>
/// A frame as it crosses the edge of the switch: its bytes from the destination address, any tag in its place among them,
/// and what its sender left undone.
/// </summary>
internal sealed record Delivery(byte[] Frame, Offload Offload)
{
    private const int HeaderBytes = 90;

    /// <summary>
    /// The frame in words, its headers in hexadecimal and a hash over all of it, so that two that read the same are the same.
    /// <see cref="Offload.HeaderBytes"/> is left out: it is a hint, and the kernel writes into it what it likes.
    /// </summary>
    public override string ToString()
    {
        string headers = Convert.ToHexStringLower(Frame.AsSpan(0, Math.Min(HeaderBytes, Frame.Length)));
        string hash = Convert.ToHexStringLower(SHA256.HashData(Frame).AsSpan(0, 8));
        string checksum = Offload.NeedsChecksum
            ? $"checksum from {Offload.ChecksumStart} at +{Offload.ChecksumOffset}"
            : "complete";
        string gso = Offload.IsGso ? $", {Offload.Gso} in {Offload.SegmentBytes}" : "";
        return $"{Frame.Length} bytes, {checksum}{gso}: {headers}... ({hash})";
    }
}
