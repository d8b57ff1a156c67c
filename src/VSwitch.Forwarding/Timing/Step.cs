namespace VSwitch.Forwarding;

/// <summary>What a worker does with a batch, in the order of a pass: the port's part at both ends, the stages between.</summary>
public enum Step : byte
{
    Receive,
    Parse,
    State,
    Vlan,
    AclIn,
    DejaVu,
    Learn,
    Lookup,
    AclOut,
    Send,
    Release,
    Count,
}

/// <summary>The steps' names, as <c>vemcmd show stats stages</c> has them.</summary>
public static class Steps
{
    private static readonly string[] Names =
        ["receive", "parse", "state", "vlan", "acl-in", "deja-vu", "learn", "lookup", "acl-out", "send", "release"];

    public static string Name(Step step) => Names[(int)step];
}
