namespace VSwitch.Ports.Tests;

/// <summary>Frames as text, so that a failed test shows where they differ.</summary>
internal static class SentFrameHex
{
    extension(SentFrame frame)
    {
        public string Hex => Convert.ToHexStringLower(frame.Bytes);
    }
}
