namespace VSwitch.Commands;

public enum TableRule
{
    /// <summary>No line of dashes.</summary>
    None,

    /// <summary>One line of dashes above the titles and one below.</summary>
    Frame,

    /// <summary>One line of dashes below the titles.</summary>
    Underline,

    /// <summary>A group of dashes below each column's titles: <c>---  -----</c>.</summary>
    Groups,

    /// <summary>The same with the groups joined: <c>---------+-----</c>.</summary>
    JoinedGroups,
}

/// <summary>How the titles of a <see cref="Table"/> are set off from its rows.</summary>
/// <param name="Rule">The kind of line.</param>
/// <param name="Width">The dashes in a whole line.</param>
public readonly record struct TableStyle(TableRule Rule, int Width = TableStyle.ScreenWidth)
{
    /// <summary>NX-OS draws its lines one column short of an 80 column screen.</summary>
    public const int ScreenWidth = 79;

    public static TableStyle Plain => new(TableRule.None);

    public static TableStyle Framed => new(TableRule.Frame);

    public static TableStyle Underlined => new(TableRule.Underline);

    public static TableStyle Groups => new(TableRule.Groups);

    public static TableStyle JoinedGroups => new(TableRule.JoinedGroups);
}
