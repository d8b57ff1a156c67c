namespace VSwitch.Ports;

/// <summary>Why a stream port's last connection ended; <see cref="StreamFaults"/> has a name and a sentence for each.</summary>
public enum StreamFault : byte
{
    None = 0,
    Disconnected,
    BadLength,
    Descriptors,
    SocketError,
    Stopped,
    Count,
}

/// <summary>The name and the meaning of every <see cref="StreamFault"/>.</summary>
public static class StreamFaults
{
    private static readonly (string Name, string Meaning)[] Texts = new (string, string)[(int)StreamFault.Count];

    static StreamFaults()
    {
        Tell(StreamFault.None, "none", "No connection has ended.");
        Tell(StreamFault.Disconnected, "disconnected", "The VM's side closed the connection.");
        Tell(StreamFault.BadLength, "bad-length", "The VM's side announced a frame of no byte or of more than 65,600.");
        Tell(StreamFault.Descriptors, "descriptors-sent", "The VM's side sent file descriptors, which have no place on the stream.");
        Tell(StreamFault.SocketError, "socket-error", "The kernel reported an error on the connection.");
        Tell(StreamFault.Stopped, "stopped", "The port was stopped.");
    }

    public static string Name(StreamFault fault) => Texts[(int)fault].Name;

    public static string Meaning(StreamFault fault) => Texts[(int)fault].Meaning;

    private static void Tell(StreamFault fault, string name, string meaning) => Texts[(int)fault] = (name, meaning);
}
