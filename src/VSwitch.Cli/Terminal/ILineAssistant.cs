namespace VSwitch.Cli.Terminal;

/// <summary>Who knows what may stand in a line.</summary>
internal interface ILineAssistant
{
    /// <summary>What may follow, as text to print.</summary>
    Task<string> HelpAsync(string line);

    /// <summary>The words that the last one may become, and the line with as much of it as they all share.</summary>
    Task<(IReadOnlyList<string> Candidates, string Replacement)> CompleteAsync(string line);
}
