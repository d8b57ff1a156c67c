namespace VSwitch.Commands;

/// <summary>
/// A command that changes one thing in a configuration object and knows how that thing is written down:
/// set, unset and render in one place.
/// </summary>
/// <typeparam name="TContext">What handlers act on.</typeparam>
/// <typeparam name="TConfig">The configuration object, an immutable record.</typeparam>
public sealed record Setting<TContext, TConfig>
{
    public required string Notation { get; init; }

    /// <summary>How the forms <c>no</c> and <c>default</c> are written; null if there are none.</summary>
    public required string? Negation { get; init; }

    public required string Help { get; init; }

    public required Words Words { get; init; }

    /// <summary>The object after the command.</summary>
    public required Func<TConfig, Invocation<TContext>, TConfig> Set { get; init; }

    /// <summary>The object after <c>no</c> or <c>default</c>.</summary>
    public required Func<TConfig, Invocation<TContext>, TConfig>? Unset { get; init; }

    /// <summary>The lines that bring this thing about; none if it is as in a new object.</summary>
    public required Func<TConfig, IEnumerable<string>> Render { get; init; }

    /// <summary>The mode that the command leads to, and what that mode is about.</summary>
    internal (Mode<TContext> Mode, Func<Invocation<TContext>, string> Key)? Enters { get; init; }

    /// <summary>The object after the command in whichever form it was given.</summary>
    internal TConfig Apply(TConfig config, Invocation<TContext> invocation) =>
        invocation.Form == CommandForm.Plain ? Set(config, invocation) : Unset!(config, invocation);

    /// <summary>The same setting of an object that contains this one's object.</summary>
    internal Setting<TContext, TOuter> Within<TOuter>(Func<TOuter, TConfig> get, Func<TOuter, TConfig, TOuter> put) => new()
    {
        Notation = Notation,
        Negation = Negation,
        Help = Help,
        Words = Words,
        Set = (outer, invocation) => put(outer, Set(get(outer), invocation)),
        Unset = Unset is null ? null : (outer, invocation) => put(outer, Unset(get(outer), invocation)),
        Render = outer => Render(get(outer)),
        Enters = Enters,
    };
}
