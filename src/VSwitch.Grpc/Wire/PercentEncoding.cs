using System.Buffers;
using System.Globalization;
using System.Text;

namespace VSwitch.Grpc.Wire;

/// <summary>
/// The encoding of <c>grpc-message</c>: UTF-8, where every byte but printable ASCII, and the percent sign, becomes <c>%XX</c>.
/// Source: PROTOCOL-HTTP2, Percent-Encoded.
/// </summary>
internal static class PercentEncoding
{
    /// <summary>Encodes a message for a header.</summary>
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%'))
        {
            return text;
        }

        var encoded = new StringBuilder(text.Length * 2);
        foreach (byte value in Encoding.UTF8.GetBytes(text))
        {
            _ = value is >= (byte)' ' and <= (byte)'~' and not (byte)'%'
                ? encoded.Append((char)value)
                : encoded.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return encoded.ToString();
    }

    /// <summary>
    /// Decodes a header. It never fails, because a wrong message must not hide the status beside it: what is not a valid escape
    /// stays as it is, and what is not UTF-8 becomes the replacement character.
    /// </summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%'))
        {
            return text;
        }

        var decoded = new ArrayBufferWriter<byte>(text.Length);
        byte[] source = Encoding.UTF8.GetBytes(text);
        for (int index = 0; index < source.Length; index++)
        {
            byte value = source[index];
            if (value == (byte)'%'
                && index + 2 < source.Length
                && byte.TryParse(source.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte escaped))
            {
                value = escaped;
                index += 2;
            }

            decoded.Write([value]);
        }

        return Encoding.UTF8.GetString(decoded.WrittenSpan);
    }
}
