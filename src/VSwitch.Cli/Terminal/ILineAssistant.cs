namespace VSwitch.Cli.Terminal;

/// <summary>Who knows what may stand in a line.</summary>
internal interface ILineAssistant
{
    /// <summary>What may follow, as text to print.</summary>
    Task<string> HelpAsync(string line);

    /// <summary>The whole words that the last one, as far as it is typed, may become.</summary>
    Task<IReadOnlyList<string>> CompleteAsync(string line);
}
