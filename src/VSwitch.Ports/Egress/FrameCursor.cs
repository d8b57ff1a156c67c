using VSwitch.Frames;

namespace VSwitch.Ports;

/// <summary>Walks the bytes of a received frame, run by run, from an offset in its head to its end.</summary>
internal unsafe ref struct FrameCursor
{
    private byte* _data;
    private nuint _bytes;
    private Segment* _next;
    private readonly Segment* _end;

    /// <param name="frame">The frame.</param>
    /// <param name="offset">Where to start: at most <see cref="Frame.HeadBytes"/>.</param>
    public FrameCursor(ref readonly Frame frame, int offset)
    {
        _data = frame.Data + offset;
        _bytes = (nuint)(frame.HeadBytes - offset);
        _next = frame.Tail;
        _end = frame.Tail + frame.TailCount;
    }

    /// <summary>Takes the next run of contiguous bytes, at most <paramref name="bytesMax"/>.</summary>
    /// <returns>False at the end of the frame.</returns>
    public bool TryTake(int bytesMax, out byte* data, out int bytes)
    {
        while (_bytes == 0 && _next != _end)
        {
            _data = _next->Data;
            _bytes = _next->Bytes;
            _next++;
        }

        data = _data;
        bytes = (int)Math.Min(_bytes, (nuint)bytesMax);
        _data += bytes;
        _bytes -= (nuint)bytes;
        return bytes != 0;
    }
}
