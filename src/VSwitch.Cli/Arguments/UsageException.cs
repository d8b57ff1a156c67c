namespace VSwitch.Cli.Arguments;

/// <summary>The program was called wrongly; the message is a sentence that says what would be right.</summary>
internal sealed class UsageException(string message) : Exception(message);
