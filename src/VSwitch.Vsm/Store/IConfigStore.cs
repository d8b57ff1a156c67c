namespace VSwitch.Vsm;

/// <summary>
/// Keeps configuration texts for good. When <see cref="SaveRunning"/> or <see cref="SaveStartup"/> returns, what it was
/// given survives the process, and with a disk that keeps its promises the machine; when it throws, what was kept before
/// still is.
/// </summary>
public interface IConfigStore : IDisposable
{
    /// <summary>Where the texts are, for messages.</summary>
    string Location { get; }

    /// <summary>The running configuration, its parts in their order; null in a new store.</summary>
    string? LoadRunning();

    /// <summary>What <c>copy running-config startup-config</c> saved last; null if it never did.</summary>
    string? LoadStartup();

    /// <summary>Puts parts in place of those of the same name, and removes those without text: all of them, or none.</summary>
    /// <exception cref="StoreException">Nothing was kept.</exception>
    void SaveRunning(IEnumerable<ConfigPart> changes);

    /// <param name="text">Null after <c>write erase</c>.</param>
    /// <exception cref="StoreException">Nothing was kept.</exception>
    void SaveStartup(string? text);
}

/// <summary>The store cannot be opened, read or written. The message says which store, what is wrong and what to do.</summary>
public sealed class StoreException : Exception
{
    public StoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
