namespace VSwitch.Vsm;

/// <summary>A piece of the running configuration that is stored by itself, so that a small change is a small write.</summary>
/// <param name="Rank">Parts follow one another by rank, then by name.</param>
/// <param name="Name">What the part is about, unique: <c>interface Vethernet5</c>.</param>
/// <param name="Text">Whole lines, each ended; null for a part that is to go.</param>
public sealed record ConfigPart(int Rank, string Name, string? Text);
