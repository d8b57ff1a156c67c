namespace VSwitch.Commands;

/// <summary>
/// The parameter types that a table's notations name. It starts with those that every switch has; a type that is added
/// under a taken name replaces the one before.
/// </summary>
public sealed class ParameterTypes
{
    private readonly Dictionary<string, ParameterType> _types = new(StringComparer.Ordinal);

    public ParameterTypes()
    {
        Add(new WordType("word", "Word"));
        Add(new WordType("name", "Name"));
        Add(new LineType("line", "Text up to the end of the line"));
        Add(new StringType("string", "Text"));
        Add(new NumberType("vlan-id", "VLAN number", (1, 4094)));
        Add(new NumberSetType("vlan-list", "VLAN numbers and ranges, such as 1-10,20", (1, 4094)));
        Add(new MacType());
        Add(new Ipv4Type());
        Add(new Ipv4PrefixType());
        Add(new Ipv6Type());
        Add(new InterfaceType("interface", "Interface, such as Vethernet5 or Ethernet3/2"));
        Add(new InterfaceType("vethernet", "Virtual Ethernet interface, such as Vethernet5", InterfaceKind.Vethernet));
        Add(new InterfaceType("ethernet", "Ethernet interface, such as Ethernet3/2", InterfaceKind.Ethernet));
        Add(new InterfaceListType("interface-list", "Interfaces and ranges, such as Vethernet1-3,Ethernet3/2"));
    }

    public void Add(ParameterType type) => _types[type.Name] = type;

    /// <summary>The type of a name, or the number type that a name such as <c>1-300</c> describes; null for none.</summary>
    public ParameterType? Find(string name) => _types.GetValueOrDefault(name) ?? NumberType.FromNotation(name);
}
