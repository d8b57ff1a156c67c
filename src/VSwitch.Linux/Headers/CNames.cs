namespace VSwitch.Linux.Headers;

/// <summary>
/// The C header that a class or struct copies. The layout test walks every type that carries this attribute: each
/// constant and each field is compared with what a C compiler says about the name it has there.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct)]
internal sealed class HeaderAttribute(string path) : Attribute
{
    /// <summary>As it stands in <c>#include</c>.</summary>
    public string Path { get; } = path;
}

/// <summary>
/// The name in C, where it is not the name here: a member of a union, or a word that C# reserves; on a struct, the C
/// type whose start it copies. Empty for what C has no name for, such as bit fields.
/// </summary>
[AttributeUsage(AttributeTargets.Struct | AttributeTargets.Field)]
internal sealed class CNameAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}

/// <summary>The first kernel whose headers define a constant; the layout test skips it on older ones.</summary>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class SinceAttribute(int major, int minor) : Attribute
{
    public int Major { get; } = major;

    public int Minor { get; } = minor;
}
