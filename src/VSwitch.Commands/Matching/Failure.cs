namespace VSwitch.Commands;

/// <summary>Why a line was not understood.</summary>
/// <param name="Column">The column of the line, from 0, to put a caret under.</param>
/// <param name="Reason">The reason without marks: <c>Invalid number, range is (1-4094)</c>.</param>
internal sealed record Failure(int Column, string Reason)
{
    /// <summary>The keywords that an ambiguous word could stand for, else empty.</summary>
    public IReadOnlyList<string> Candidates { get; private init; } = [];

    public bool IsAmbiguous => Candidates.Count > 0;

    public string Message => IsAmbiguous
        ? $"% {Reason} at '^' marker.\n  {string.Join(", ", Candidates)}"
        : $"% {Reason} at '^' marker.";

    /// <summary>Of the reasons of two modes, the one that understood more of the line; of equals the first.</summary>
    public static Failure Better(Failure? first, Failure second) =>
        first is null || second.Column > first.Column ? second : first;

    public static Failure Invalid(int column, string? reason = null) => new(column, reason ?? "Invalid command");

    public static Failure Incomplete(int column) => new(column, "Incomplete command");

    public static Failure Ambiguous(int column, IReadOnlyList<string> candidates) =>
        new(column, "Ambiguous command") { Candidates = candidates };
}
