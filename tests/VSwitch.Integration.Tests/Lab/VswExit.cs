namespace VSwitch.Integration.Tests;

/// <summary>The exit codes of <c>vsw</c> and <c>vemcmd</c>, as their help texts give them.</summary>
public static class VswExit
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int Usage = 2;
    public const int Unreachable = 3;
}
