using Grpc.Core;

namespace VSwitch.Grpc.Wire;

/// <summary>One metadata entry as an HTTP header. Source: PROTOCOL-HTTP2, Custom-Metadata.</summary>
internal static class MetadataHeader
{
    /// <summary>The header's value: the text, or the bytes in base64 without padding.</summary>
    public static string Format(Metadata.Entry entry) =>
        entry.IsBinary ? Convert.ToBase64String(entry.ValueBytes).TrimEnd('=') : entry.Value;

    /// <summary>
    /// Adds a received header to the metadata. Bytes come in base64 with or without padding, and several values of one key may
    /// come joined by commas. Throws <see cref="FormatException"/> for a header that no metadata can have.
    /// </summary>
    public static void AddTo(Metadata metadata, string name, string value)
    {
        try
        {
            if (!name.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.OrdinalIgnoreCase))
            {
                metadata.Add(name, value);
                return;
            }

            foreach (string part in value.Split(',', StringSplitOptions.TrimEntries))
            {
                metadata.Add(name, Convert.FromBase64String(part.PadRight((part.Length + 3) / 4 * 4, '=')));
            }
        }
        catch (ArgumentException e)
        {
            throw new FormatException(e.Message, e);
        }
    }
}
