namespace VSwitch.Commands;

/// <summary>
/// The settings of a kind of configuration object, in the order in which a running configuration shows them. A list can be
/// included in another, so that what is true of every port is declared once for port profiles and interfaces.
/// </summary>
public sealed class Settings<TContext, TConfig>
{
    private readonly List<Setting<TContext, TConfig>> _items = [];

    public IReadOnlyList<Setting<TContext, TConfig>> Items => _items;

    /// <summary>Declares a setting.</summary>
    /// <param name="notation">How it is written.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="set">The object after the command. To refuse, throw <see cref="CommandException"/>.</param>
    /// <param name="unset">The object after <c>no</c> or <c>default</c>; null if the setting cannot be negated.</param>
    /// <param name="render">The lines for an object; none if it is as in a new one.</param>
    /// <param name="no">How the negated form is written, if not as the plain one.</param>
    /// <param name="words">Sentences for words that differ from the table's.</param>
    public void Add(
        string notation, string help,
        Func<TConfig, Invocation<TContext>, TConfig> set, Func<TConfig, Invocation<TContext>, TConfig>? unset,
        Func<TConfig, IEnumerable<string>> render, string? no = null, Words? words = null) =>
        _items.Add(new Setting<TContext, TConfig>
        {
            Notation = notation,
            Negation = unset is null ? null : no ?? notation,
            Help = help,
            Words = words ?? Words.None,
            Set = set,
            Unset = unset,
            Render = render,
        });

    /// <summary>Declares a setting that is written as one line or, for null, not at all.</summary>
    public void Add(
        string notation, string help,
        Func<TConfig, Invocation<TContext>, TConfig> set, Func<TConfig, Invocation<TContext>, TConfig>? unset,
        Func<TConfig, string?> render, string? no = null, Words? words = null) =>
        Add(notation, help, set, unset, config => render(config) is { } line ? [line] : Array.Empty<string>(), no, words);

    /// <summary>
    /// Declares a section: a command that makes an object inside this one, if need be, and leads to its mode. A section is
    /// written as an empty line, its header and, two columns further in, what its mode renders.
    /// </summary>
    /// <param name="notation">How the header is written.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="mode">The mode of the inner object.</param>
    /// <param name="key">What the mode is about: by this its <c>update</c> finds the object.</param>
    /// <param name="open">This object with the inner one in it.</param>
    /// <param name="remove">This object without the inner one; null if it cannot be removed.</param>
    /// <param name="children">Each header with its inner object, in order.</param>
    /// <param name="no">How the negated form is written, if not as the plain one.</param>
    /// <param name="words">Sentences for words that differ from the table's.</param>
    public void Section<TChild>(
        string notation, string help, ConfigurationMode<TContext, TChild> mode, Func<Invocation<TContext>, string> key,
        Func<TConfig, Invocation<TContext>, TConfig> open, Func<TConfig, Invocation<TContext>, TConfig>? remove,
        Func<TConfig, IEnumerable<(string Header, TChild Child)>> children, string? no = null, Words? words = null) =>
        _items.Add(new Setting<TContext, TConfig>
        {
            Notation = notation,
            Negation = remove is null ? null : no ?? notation,
            Help = help,
            Words = words ?? Words.None,
            Set = open,
            Unset = remove,
            Render = config => children(config).SelectMany(item => mode.RenderSection(item.Header, item.Child)),
            Enters = (mode, key),
        });

    /// <summary>Takes over the settings of a part of the object, at this place in the order.</summary>
    public void Include<TPart>(
        Settings<TContext, TPart> part, Func<TConfig, TPart> get, Func<TConfig, TPart, TConfig> put) =>
        _items.AddRange(part.Items.Select(setting => setting.Within(get, put)));

    /// <summary>
    /// The lines of an object in order. Sections are set off by empty lines, which mean nothing when they are read back.
    /// </summary>
    public IEnumerable<string> Render(TConfig config) => _items.SelectMany(setting => setting.Render(config));
}
