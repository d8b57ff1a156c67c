namespace VSwitch.Vsm;

/// <summary>The version of this software.</summary>
internal static class VsmVersion
{
    public static readonly string Text = typeof(VsmVersion).Assembly.GetName().Version!.ToString(3);
}
