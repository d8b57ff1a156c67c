namespace VSwitch.Commands;

/// <summary>A command of a mode: how it is written, what it means, what it does.</summary>
public sealed class Command<TContext>
{
    /// <summary>The declaration, such as <c>switchport access vlan &lt;vlan:vlan-id&gt;</c>.</summary>
    public required string Notation { get; init; }

    /// <summary>The declaration of the forms <c>no ...</c> and <c>default ...</c>; null if there are none.</summary>
    public string? Negation { get; init; }

    /// <summary>One sentence for the reference manual.</summary>
    public required string Help { get; init; }

    /// <summary>Sentences for keywords and values that differ from those of the table.</summary>
    public Words Words { get; init; } = Words.None;

    /// <summary>The mode that the command leads to; null if it does not.</summary>
    public Mode<TContext>? Enters { get; init; }

    /// <summary>What it does and answers.</summary>
    public required Func<Invocation<TContext>, Report> Run { get; init; }

    /// <summary>Where the user stands after the command; null if nothing changes.</summary>
    internal Func<Invocation<TContext>, Session>? Move { get; init; }
}
