namespace VSwitch.Protocol;

/// <summary>What a VEM and its VSM must agree on. A VSM refuses a VEM of another version and says so; the VEM forwards on.</summary>
public static class ProtocolVersion
{
    /// <summary>2: ports refer to policies by name.</summary>
    public const uint Number = 2;
}
