using System.Globalization;
using System.Net.Http.Headers;
using Grpc.Core;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Client;

/// <summary>How a call ended, with the metadata that came along.</summary>
internal sealed record CallOutcome(Status Status, Metadata Trailers)
{
    public CallOutcome(StatusCode code, string detail, Exception? cause = null)
        : this(new Status(code, detail, cause), Metadata.Empty)
    {
    }

    /// <summary>
    /// Reads the outcome from trailers, or from headers that are also the trailers. A status that is missing or is no known code
    /// counts as unknown (statuscodes.md). Throws <see cref="FormatException"/> for metadata that is malformed.
    /// </summary>
    public static CallOutcome Read(HttpHeadersNonValidated headers)
    {
        Metadata trailers = ReadMetadata(headers);
        if (!headers.TryGetValues(HeaderNames.Status, out HeaderStringValues text))
        {
            return new CallOutcome(new Status(StatusCode.Unknown, "The response ended without a status."), trailers);
        }

        string detail = headers.TryGetValues(HeaderNames.Message, out HeaderStringValues message)
            ? PercentEncoding.Decode(message.ToString())
            : "";
        bool known = int.TryParse(text.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            && code <= (int)StatusCode.Unauthenticated;
        return new CallOutcome(new Status(known ? (StatusCode)code : StatusCode.Unknown, detail), trailers);
    }

    /// <summary>The headers that are the application's. Throws <see cref="FormatException"/> for a malformed one.</summary>
    public static Metadata ReadMetadata(HttpHeadersNonValidated headers)
    {
        var metadata = new Metadata();
        foreach ((string name, HeaderStringValues values) in headers)
        {
            if (!HeaderNames.IsReserved(name))
            {
                foreach (string value in values)
                {
                    MetadataHeader.AddTo(metadata, name, value);
                }
            }
        }

        return metadata;
    }

    public RpcException ToException() => new(Status, Trailers);
}
