using System.Buffers;
using System.Text;

namespace Grpc.Core;

public sealed partial class Metadata
{
    /// <summary>One header or trailer.</summary>
    public class Entry
    {
        private static readonly SearchValues<char> KeyCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

        private readonly string? _text;
        private readonly byte[]? _bytes;

        /// <summary>Makes a text entry. Throws <see cref="ArgumentException"/> if the key ends in <c>-bin</c> or cannot travel.</summary>
        public Entry(string key, string value)
        {
            ArgumentNullException.ThrowIfNull(value);
            Key = NormalizeKey(key);
            if (IsBinary)
            {
                throw new ArgumentException($"The value of '{Key}' must be bytes, because the key ends in {BinaryHeaderSuffix}.", nameof(key));
            }

            // Anything else would end the header early or be refused by one HTTP/2 stack and not by another.
            if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            {
                throw new ArgumentException($"The value of '{Key}' must be printable ASCII.", nameof(value));
            }

            _text = value;
        }

        /// <summary>Makes a bytes entry. Throws <see cref="ArgumentException"/> if the key does not end in <c>-bin</c>.</summary>
        public Entry(string key, byte[] valueBytes)
        {
            ArgumentNullException.ThrowIfNull(valueBytes);
            Key = NormalizeKey(key);
            if (!IsBinary)
            {
                throw new ArgumentException($"The key '{Key}' must end in {BinaryHeaderSuffix} to carry bytes.", nameof(key));
            }

            _bytes = [.. valueBytes];
        }

        /// <summary>The key in lower case.</summary>
        public string Key { get; }

        /// <summary>Whether the value is bytes.</summary>
        public bool IsBinary => Key.EndsWith(BinaryHeaderSuffix, StringComparison.Ordinal);

        /// <summary>The text. Throws <see cref="InvalidOperationException"/> if the value is bytes.</summary>
        public string Value => _text ?? throw new InvalidOperationException($"The value of '{Key}' is bytes, not text.");

        /// <summary>The bytes, or the text's ASCII bytes.</summary>
        public byte[] ValueBytes => _bytes is null ? Encoding.ASCII.GetBytes(_text!) : [.. _bytes];

        /// <inheritdoc/>
        public override string ToString() => $"[Entry: key={Key}, {(IsBinary ? $"valueBytes={Convert.ToHexString(_bytes!)}" : $"value={_text}")}]";

        internal static string NormalizeKey(string key)
        {
            ArgumentNullException.ThrowIfNull(key);
#pragma warning disable CA1308 // HTTP/2 header names are lower case (RFC 9113, section 8.2).
            string normalized = key.ToLowerInvariant();
#pragma warning restore CA1308
            return normalized.Length > 0 && !normalized.AsSpan().ContainsAnyExcept(KeyCharacters)
                ? normalized
                : throw new ArgumentException($"'{key}' is not a metadata key: letters, digits, '.', '_' and '-' only.", nameof(key));
        }
    }
}
