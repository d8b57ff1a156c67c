namespace VSwitch.Commands;

/// <summary>How a command was given.</summary>
public enum CommandForm
{
    /// <summary>As declared: <c>shutdown</c>.</summary>
    Plain,

    /// <summary>Negated: <c>no shutdown</c>.</summary>
    No,

    /// <summary>Set back: <c>default shutdown</c>.</summary>
    Default,
}
