namespace VSwitch.Grpc.Wire;

/// <summary>The content type that says that a body is gRPC.</summary>
internal static class ContentType
{
    public const string Grpc = "application/grpc";

    /// <summary>
    /// Whether the type is <c>application/grpc</c>, with or without a message format (<c>+proto</c>) or parameters.
    /// <c>application/grpc-web</c> is another protocol.
    /// </summary>
    public static bool IsGrpc(string? value) =>
        value is not null
        && value.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase)
        && (value.Length == Grpc.Length || value[Grpc.Length] is '+' or ';');
}
