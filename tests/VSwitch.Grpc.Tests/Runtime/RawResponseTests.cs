using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests.Runtime;

/// <summary>What the client makes of responses that no gRPC server would give.</summary>
public sealed class RawResponseTests
{
    private static readonly byte[] Hello = [0, 0, 0, 0, 7, .. new EchoReply { Text = "hello" }.ToByteArray()];

    /// <summary>What a connection's window has at first, whatever the settings (RFC 9113, 6.9.2).</summary>
    private const int ConnectionWindowBytes = 65_535;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(400, StatusCode.Internal)]
    [InlineData(401, StatusCode.Unauthenticated)]
    [InlineData(403, StatusCode.PermissionDenied)]
    [InlineData(404, StatusCode.Unimplemented)]
    [InlineData(429, StatusCode.Unavailable)]
    [InlineData(502, StatusCode.Unavailable)]
    [InlineData(503, StatusCode.Unavailable)]
    [InlineData(504, StatusCode.Unavailable)]
    [InlineData(500, StatusCode.Unknown)]
    [InlineData(204, StatusCode.Unknown)]
    [InlineData(302, StatusCode.Unknown)]
    public async Task HttpStatusStandsInForAMissingOne(int http, StatusCode expected) =>
        Assert.Equal(expected, (await CallAsync(response => response.StatusCode = http)).StatusCode);

    [Fact]
    public async Task GrpcStatusComesBeforeHttpStatus()
    {
        Status status = await CallAsync(response =>
        {
            response.StatusCode = 503;
            response.Headers["grpc-status"] = "7";
            response.Headers["grpc-message"] = "no%20way";
        });
        Assert.Equal(new Status(StatusCode.PermissionDenied, "no way"), status);
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/grpc-web")]
    [InlineData(null)]
    public async Task OtherContentTypeIsUnknown(string? contentType)
    {
        Status status = await CallAsync(response =>
        {
            response.ContentType = contentType;
            return response.Body.WriteAsync(Hello, Stop).AsTask();
        });
        Assert.Equal(StatusCode.Unknown, status.StatusCode);
    }

    public static TheoryData<string, byte[], string?, StatusCode> Bodies => new()
    {
        { "a good one", Hello, "0", StatusCode.OK },
        { "a status after a message", Hello, "5", StatusCode.NotFound },
        { "no status", Hello, null, StatusCode.Unknown },
        { "a status that is no number", Hello, "five", StatusCode.Unknown },
        { "a negative status", Hello, "-1", StatusCode.Unknown },
        { "a status beyond the last", Hello, "17", StatusCode.Unknown },
        { "no message", [], "0", StatusCode.Internal },
        { "two messages", [.. Hello, .. Hello], "0", StatusCode.Internal },
        { "half a prefix", Hello[..4], "0", StatusCode.Internal },
        { "half a message", Hello[..^1], "0", StatusCode.Internal },
        { "a bad compressed flag", [2, .. Hello[1..]], "0", StatusCode.Internal },
        { "garbage protobuf", [0, 0, 0, 0, 2, 0x0a, 0xff], "0", StatusCode.Internal },
        { "a length past the limit", [0, 4, 0, 0, 1, 1], "0", StatusCode.ResourceExhausted },
        { "a length of 4 GB", [0, 0xff, 0xff, 0xff, 0xff, 1], "0", StatusCode.ResourceExhausted },
        { "compressed without saying how", [1, .. Hello[1..]], "0", StatusCode.Internal },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task BodyAndTrailersMakeTheStatus(string what, byte[] body, string? grpcStatus, StatusCode expected)
    {
        Status status = await CallAsync(async response =>
        {
            await response.Body.WriteAsync(body, Stop);
            await response.Body.FlushAsync(Stop);
            if (grpcStatus is not null)
            {
                response.AppendTrailer("grpc-status", grpcStatus);
            }
        });
        Assert.Equal((what, expected), (what, status.StatusCode));
    }

    [Theory]
    [InlineData("snappy")]
    [InlineData("identity")]
    public async Task UnknownCompressionIsTheServersFault(string encoding)
    {
        Status status = await CallAsync(response =>
        {
            response.Headers["grpc-encoding"] = encoding;
            return response.Body.WriteAsync((byte[])[1, .. Hello[1..]], Stop).AsTask();
        });
        Assert.Equal(StatusCode.Internal, status.StatusCode);
    }

    [Fact]
    public async Task MalformedTrailersAreInternal()
    {
        Status status = await CallAsync(async response =>
        {
            await response.Body.WriteAsync(Hello, Stop);
            response.AppendTrailer("grpc-status", "0");
            response.AppendTrailer("x-data-bin", "!");
        });
        Assert.Equal(StatusCode.Internal, status.StatusCode);
    }

    // The error codes of RFC 9113, section 7.
    [Theory]
    [InlineData(0x0, StatusCode.Internal)]
    [InlineData(0x1, StatusCode.Internal)]
    [InlineData(0x2, StatusCode.Internal)]
    [InlineData(0x3, StatusCode.Internal)]
    [InlineData(0x6, StatusCode.Internal)]
    [InlineData(0x8, StatusCode.Cancelled)]
    [InlineData(0x9, StatusCode.Internal)]
    [InlineData(0xb, StatusCode.ResourceExhausted)]
    [InlineData(0xc, StatusCode.PermissionDenied)]
    public async Task ResetHasAStatus(int error, StatusCode expected)
    {
        // Once instead of the response, and once in its midst.
        void Reset(HttpResponse response) => response.HttpContext.Features.GetRequiredFeature<IHttpResetFeature>().Reset(error);
        Assert.Equal(expected, (await CallAsync(Reset)).StatusCode);
        Assert.Equal(expected, (await CallAsync(async response =>
        {
            await response.Body.WriteAsync(Hello, Stop);
            await response.Body.FlushAsync(Stop);
            Reset(response);
        })).StatusCode);
    }

    [Fact]
    public async Task RefusedStreamIsUnavailable()
    {
        // The transport may try a refused stream again by itself, so the server refuses always.
        Status status = await CallAsync(response => response.HttpContext.Features.GetRequiredFeature<IHttpResetFeature>().Reset(0x7));
        Assert.Equal(StatusCode.Unavailable, status.StatusCode);
    }

    [Fact]
    public async Task NobodyThereIsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        foreach (string address in (string[])[
            string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"), "unix:/nowhere/at.all", "no-such-host.invalid:1"])
        {
            using GrpcChannel channel = GrpcChannels.Create(GrpcAddress.Parse(address));
            var client = new Echo.EchoClient(channel);
            RpcException e = await Assert.ThrowsAsync<RpcException>(
                () => client.UnaryAsync(new EchoRequest(), cancellationToken: Stop).ResponseAsync);
            Assert.Equal(StatusCode.Unavailable, e.StatusCode);

            using var stream = client.Chat(cancellationToken: Stop);
            await Assert.ThrowsAsync<RpcException>(() => stream.RequestStream.WriteAsync(new EchoRequest(), Stop));
            Assert.Equal(StatusCode.Unavailable, stream.GetStatus().StatusCode);
            await Assert.ThrowsAsync<RpcException>(() => stream.ResponseHeadersAsync);
        }
    }

    [Fact]
    public async Task PeerThatIsNotHttp2IsUnavailable()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task peer = Task.Run(async () =>
        {
            using Socket socket = await listener.AcceptSocketAsync(Stop);
            await socket.SendAsync("SSH-2.0-OpenSSH_9.2\r\n"u8.ToArray(), Stop);
            await socket.ReceiveAsync(new byte[1000], Stop);
        }, Stop);
        using GrpcChannel channel = GrpcChannels.Create(GrpcAddress.Parse(listener.LocalEndpoint.ToString()!));
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
        await peer;
    }

    [Theory]
    [InlineData(ConnectionWindowBytes)]
    [InlineData(1024 * 1024)]
    public async Task EarlyEndStopsAWriterThatWaitsForTheWindow(int streamWindowBytes)
    {
        // HTTP/2 by hand (RFC 9113, 6; RFC 7541, 6): servers reset the stream after such an answer, but perhaps not in time.
        byte[] settings = [0, 0, 6, 4, 0, 0, 0, 0, 0, 0, 4, 0, (byte)(streamWindowBytes >> 16), (byte)(streamWindowBytes >> 8), (byte)streamWindowBytes];
        byte[] fields = [0x88, .. Field("content-type", "application/grpc"), .. Field("grpc-status", "9"), .. Field("grpc-message", "not now")];
        byte[] response = [0, 0, (byte)fields.Length, 1, /* END_STREAM, END_HEADERS */ 5, 0, 0, 0, 1, .. fields];

        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        Task peer = Task.Run(async () =>
        {
            using TcpClient connection = await listener.AcceptTcpClientAsync(Stop);
            NetworkStream stream = connection.GetStream();
            await stream.WriteAsync(settings, Stop);
            await stream.ReadExactlyAsync(new byte["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".Length], Stop);
            byte[] head = new byte[9];
            bool acknowledged = false;
            for (int dataBytes = 0; !acknowledged || dataBytes < ConnectionWindowBytes;)
            {
                await stream.ReadExactlyAsync(head, Stop);
                int length = (head[0] << 16) | (head[1] << 8) | head[2];
                await stream.ReadExactlyAsync(new byte[length], Stop);
                dataBytes += head[3] == 0 ? length : 0;
                acknowledged |= head[3] == 4 && head[4] == 1;
            }

            await stream.WriteAsync(response, Stop);
            while (await stream.ReadAsync(head, Stop) > 0)
            {
                // Until the client goes.
            }
        }, Stop);
        using (GrpcChannel channel = GrpcChannels.Create(GrpcAddress.Parse(listener.LocalEndpoint.ToString()!)))
        {
            using var call = new Echo.EchoClient(channel).Refuse(cancellationToken: Stop);
            Task written = call.RequestStream.WriteAsync(new EchoRequest { Text = new string('x', 2 * ConnectionWindowBytes) }, Stop);
            RpcException read = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
            Assert.Equal(new Status(StatusCode.FailedPrecondition, "not now"), read.Status);
            RpcException e = await Assert.ThrowsAsync<RpcException>(() => written.WaitAsync(TimeSpan.FromSeconds(10), Stop));
            Assert.Equal(read.Status, e.Status);
        }

        await peer;

        static byte[] Field(string name, string value) =>
            [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
    }

    [Fact]
    public async Task RequestHeadIsAsSpecified()
    {
        HeaderDictionary? head = null;
        string? host = null;
        await using TestServer server = await ServeAsync(response =>
        {
            head = new HeaderDictionary(response.HttpContext.Request.Headers.ToDictionary(StringComparer.OrdinalIgnoreCase));
            host = response.HttpContext.Request.Host.Value;
            response.Headers["grpc-status"] = "0";
            return Task.CompletedTask;
        });
        using GrpcChannel channel = server.CreateChannel();
        var metadata = new Metadata
        {
            { "x-mine", "one" }, { "te", "deflate" }, { "grpc-timeout", "1H" }, { "content-type", "text/plain" },
            { "grpc-internal-encoding-request", "gzip" },
        };
        DateTime deadline = DateTime.UtcNow.AddSeconds(30);
        await Assert.ThrowsAsync<RpcException>(() => new Echo.EchoClient(channel).WithHost("other.example:99")
            .UnaryAsync(new EchoRequest(), metadata, deadline, Stop).ResponseAsync);

        Assert.Equal("other.example:99", host);
        Assert.Equal("application/grpc", head!["content-type"]);
        Assert.Equal("trailers", head["te"]);
        Assert.Equal("identity,gzip", head["grpc-accept-encoding"]);
        Assert.Equal("gzip", head["grpc-encoding"]);
        Assert.StartsWith("grpc-csharp", head["user-agent"].ToString(), StringComparison.Ordinal);
        Assert.Matches("^[0-9]{7,8}[um]$", head["grpc-timeout"].ToString());
        Assert.Equal("one", head["x-mine"]);
        Assert.DoesNotContain("grpc-internal-encoding-request", head.Keys);
    }

    private static Task<Status> CallAsync(Action<HttpResponse> respond) => CallAsync(response =>
    {
        respond(response);
        return Task.CompletedTask;
    });

    private static async Task<Status> CallAsync(Func<HttpResponse, Task> respond)
    {
        await using TestServer server = await ServeAsync(respond);
        using GrpcChannel channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), cancellationToken: Stop);
        try
        {
            Assert.Equal("hello", (await call).Text);
        }
        catch (RpcException e)
        {
            Assert.Equal(call.GetStatus(), e.Status);
        }

        return call.GetStatus();
    }

    private static Task<TestServer> ServeAsync(Func<HttpResponse, Task> respond) => TestServer.StartAsync(map: app => app.Run(http =>
    {
        http.Response.ContentType = "application/grpc";
        return respond(http.Response);
    }));
}
