using System.Collections;

namespace Grpc.Core;

/// <summary>
/// The headers or trailers of a call: an ordered list of entries that may repeat a key. Keys are lower case; a key that ends in
/// <c>-bin</c> carries bytes, every other one printable ASCII. Source: PROTOCOL-HTTP2, Custom-Metadata.
/// </summary>
public sealed partial class Metadata : IList<Metadata.Entry>
{
    /// <summary>The end of every key whose value is bytes.</summary>
    public const string BinaryHeaderSuffix = "-bin";

    /// <summary>Metadata without entries, which cannot be changed.</summary>
    public static readonly Metadata Empty = new() { IsReadOnly = true };

    private readonly List<Entry> _entries = [];

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public bool IsReadOnly { get; private init; }

    /// <inheritdoc/>
    public Entry this[int index]
    {
        get => _entries[index];
        set => Writable()[index] = value;
    }

    /// <summary>The last entry with that key, or null. Later entries win, as they do in HTTP.</summary>
    public Entry? Get(string key)
    {
        string wanted = Entry.NormalizeKey(key);
        return _entries.FindLast(entry => string.Equals(entry.Key, wanted, StringComparison.Ordinal));
    }

    /// <summary>The text of the last entry with that key, or null.</summary>
    public string? GetValue(string key) => Get(key)?.Value;

    /// <summary>The bytes of the last entry with that key, or null.</summary>
    public byte[]? GetValueBytes(string key) => Get(key)?.ValueBytes;

    /// <summary>Every entry with that key, in order.</summary>
    public IEnumerable<Entry> GetAll(string key)
    {
        string wanted = Entry.NormalizeKey(key);
        return _entries.Where(entry => string.Equals(entry.Key, wanted, StringComparison.Ordinal));
    }

    /// <summary>Adds a text entry. Throws <see cref="ArgumentException"/> for a key or value that cannot travel.</summary>
    public void Add(string key, string value) => Add(new Entry(key, value));

    /// <summary>Adds a bytes entry, whose key must end in <c>-bin</c>. Throws <see cref="ArgumentException"/> otherwise.</summary>
    public void Add(string key, byte[] valueBytes) => Add(new Entry(key, valueBytes));

    /// <inheritdoc/>
    public void Add(Entry item) => Writable().Add(item);

    /// <inheritdoc/>
    public void Insert(int index, Entry item) => Writable().Insert(index, item);

    /// <inheritdoc/>
    public bool Remove(Entry item) => Writable().Remove(item);

    /// <inheritdoc/>
    public void RemoveAt(int index) => Writable().RemoveAt(index);

    /// <inheritdoc/>
    public void Clear() => Writable().Clear();

    /// <inheritdoc/>
    public int IndexOf(Entry item) => _entries.IndexOf(item);

    /// <inheritdoc/>
    public bool Contains(Entry item) => _entries.Contains(item);

    /// <inheritdoc/>
    public void CopyTo(Entry[] array, int arrayIndex) => _entries.CopyTo(array, arrayIndex);

    /// <inheritdoc/>
    public IEnumerator<Entry> GetEnumerator() => _entries.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private List<Entry> Writable() =>
        IsReadOnly ? throw new InvalidOperationException("This metadata cannot be changed.") : _entries;
}
