namespace Grpc.Core;

/// <summary>Stands on a generated service base class and says which static method binds it.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = false, Inherited = true)]
public class BindServiceMethodAttribute(Type bindType, string bindMethodName) : Attribute
{
    /// <summary>The generated class that has the binding method.</summary>
    public Type BindType { get; } = bindType;

    /// <summary>The binding method's name; it takes a <see cref="ServiceBinderBase"/> and the service.</summary>
    public string BindMethodName { get; } = bindMethodName;
}
