namespace Microsoft.AspNetCore.Builder;

/// <summary>Applies a convention, such as RequireAuthorization, to every method of a mapped service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    private readonly IReadOnlyList<IEndpointConventionBuilder> _methods;

    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> methods) => _methods = methods;

    /// <inheritdoc/>
    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (IEndpointConventionBuilder method in _methods)
        {
            method.Add(convention);
        }
    }
}
