namespace VSwitch.Cli.Servers;

/// <summary>There is no answer from a server. The message says where, why, and what to check.</summary>
internal sealed class ServerUnreachableException(string message) : Exception(message)
{
    /// <summary>Whether the call may have reached the server before the connection was lost.</summary>
    public bool MayHaveRun { get; init; }
}
