namespace VSwitch.Policy;

public static class PortProfileTypeWords
{
    /// <summary>The keyword of the command line.</summary>
    public static string Word(this PortProfileType type) => type == PortProfileType.Vethernet ? "vethernet" : "ethernet";

    /// <summary>As <c>show</c> prints it.</summary>
    public static string Title(this PortProfileType type) => type == PortProfileType.Vethernet ? "Vethernet" : "Ethernet";
}
