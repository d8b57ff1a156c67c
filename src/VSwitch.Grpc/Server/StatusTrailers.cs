using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Server;

/// <summary>Writes how a call ended, in trailers or, when nothing has been sent, in the headers (PROTOCOL-HTTP2, Trailers-Only).</summary>
internal static class StatusTrailers
{
    public static void Write(IHeaderDictionary headers, Status status, Metadata trailers)
    {
        headers[HeaderNames.Status] = ((int)status.StatusCode).ToString(CultureInfo.InvariantCulture);
        if (!string.IsNullOrEmpty(status.Detail))
        {
            headers[HeaderNames.Message] = PercentEncoding.Encode(status.Detail);
        }

        WriteMetadata(headers, trailers);
    }

    public static void WriteMetadata(IHeaderDictionary headers, Metadata metadata)
    {
        foreach (Metadata.Entry entry in metadata.Where(entry => !HeaderNames.IsReserved(entry.Key)))
        {
            headers[entry.Key] = StringValues.Concat(headers[entry.Key], MetadataHeader.Format(entry));
        }
    }
}
