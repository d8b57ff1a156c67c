using System.Text;

namespace Grpc.Core;

/// <summary>Makes marshallers; generated code has one per message type.</summary>
public static class Marshallers
{
    /// <summary>A marshaller of UTF-8 strings.</summary>
    public static Marshaller<string> StringMarshaller { get; } = new(Encoding.UTF8.GetBytes, Encoding.UTF8.GetString);

    /// <inheritdoc cref="Marshaller{T}(Func{T, byte[]}, Func{byte[], T})"/>
    public static Marshaller<T> Create<T>(Func<T, byte[]> serializer, Func<byte[], T> deserializer) => new(serializer, deserializer);

    /// <inheritdoc cref="Marshaller{T}(Action{T, SerializationContext}, Func{DeserializationContext, T})"/>
    public static Marshaller<T> Create<T>(Action<T, SerializationContext> serializer, Func<DeserializationContext, T> deserializer) =>
        new(serializer, deserializer);
}
