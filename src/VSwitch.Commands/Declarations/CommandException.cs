namespace VSwitch.Commands;

/// <summary>
/// A handler refuses a command that was typed correctly, because of what it would do. The message goes to the user behind
/// <c>ERROR: </c>; write it without a full stop: <c>port profile in use</c>.
/// </summary>
public sealed class CommandException(string message) : Exception(message);
