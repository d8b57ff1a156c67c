namespace VSwitch.Commands;

/// <summary>
/// Sentences for keywords (<c>in</c>) and values (<c>&lt;vlan&gt;</c>), where one command wants to say something else than
/// the table says for all: <c>new Words { ["in"] = "Frames that the port receives" }</c>.
/// </summary>
public sealed class Words
{
    private readonly Dictionary<string, string> _sentences = new(StringComparer.Ordinal);

    internal static readonly Words None = new();

    /// <summary>The sentence for a word; null if there is none.</summary>
    public string? this[string word]
    {
        get => _sentences.GetValueOrDefault(word);
        init => _sentences[word] = value ?? throw new ArgumentNullException(nameof(value));
    }
}
