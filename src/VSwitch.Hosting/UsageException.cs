namespace VSwitch.Hosting;

/// <summary>The program was called wrongly; the message is a sentence that says what would be right.</summary>
public sealed class UsageException(string message) : Exception(message);
