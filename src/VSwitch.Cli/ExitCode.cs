namespace VSwitch.Cli;

/// <summary>What the programs tell the shell that started them.</summary>
internal static class ExitCode
{
    public const int Done = 0;

    /// <summary>The server refused or did not understand a line; nothing after it was run.</summary>
    public const int Refused = 1;

    /// <summary>The program was called wrongly; nothing was run.</summary>
    public const int Usage = 2;

    /// <summary>The server cannot be reached, or was lost on the way.</summary>
    public const int Unreachable = 3;
}
