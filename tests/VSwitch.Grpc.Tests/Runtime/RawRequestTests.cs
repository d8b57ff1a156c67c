using System.Buffers.Binary;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Google.Protobuf;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests.Runtime;

/// <summary>What the server answers to requests that no gRPC client would make. After each one it still serves.</summary>
public sealed class RawRequestTests(RawRequestTests.Fixture fixture) : IClassFixture<RawRequestTests.Fixture>
{
    private static readonly byte[] Hello = Frame(new EchoRequest { Text = "hello" }.ToByteArray());

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task WellFormedRequestIsServed()
    {
        (string status, byte[] body) = await SendAsync("Unary", Hello);
        Assert.Equal("0", status);
        Assert.Equal(Frame(new EchoReply { Text = "hello", Count = 5 }.ToByteArray()), body);
    }

    public static TheoryData<string, byte[], string> MalformedBodies => new()
    {
        { "no message", [], "13" },
        { "half a prefix", Hello[..3], "13" },
        { "a prefix alone", Hello[..5], "13" },
        { "half a message", Hello[..^1], "13" },
        { "bad compressed flag", [2, .. Hello[1..]], "13" },
        { "worst compressed flag", [255, .. Hello[1..]], "13" },
        { "two messages", [.. Hello, .. Hello], "13" },
        { "a message and a half", [.. Hello, .. Hello[..7]], "13" },
        { "garbage after the message", [.. Hello, 0xff, 0xff, 0xff, 0xff, 0xff], "13" },
        { "garbage protobuf", Frame([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f, 1]), "13" },
        { "protobuf field 0", Frame([0, 0, 0]), "13" },
        { "a length of 4 GB", [0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3], "8" },
        { "a length of 2 GB", [0, 0x80, 0, 0, 0, 1, 2, 3], "8" },
        { "a length one past the limit", [0, 0, 0x40, 0, 1, 1, 2, 3], "8" },
        { "compressed without saying how", [1, .. Hello[1..]], "13" },
    };

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task MalformedBodyGetsItsStatus(string what, byte[] body, string expected)
    {
        (string status, byte[] answer) = await SendAsync("Unary", body);
        Assert.Equal((what, expected), (what, status));
        Assert.Empty(answer);
        await WellFormedRequestIsServed();
    }

    [Theory]
    [MemberData(nameof(MalformedBodies))]
    public async Task MalformedBodyEndsAStream(string what, byte[] body, string expected)
    {
        // In a stream, no message and two messages are as good as one.
        (string status, _) = await SendAsync("Collect", body);
        Assert.Equal((what, what is "no message" or "two messages" ? "0" : expected), (what, status));
        await WellFormedRequestIsServed();
    }

    [Fact]
    public async Task MessagesBeforeAFaultAreAnswered()
    {
        (string status, byte[] body) = await SendAsync("Chat", [.. Hello, .. Hello[..7]]);
        Assert.Equal("13", status);
        Assert.Equal(Frame(new EchoReply { Text = "hello" }.ToByteArray()), body);
    }

    [Theory]
    [InlineData("gzip", true, "0")]
    [InlineData("gzip", false, "0")]
    [InlineData("identity", false, "0")]
    [InlineData("identity", true, "13")]
    [InlineData("snappy", false, "0")]
    [InlineData("snappy", true, "12")]
    public async Task CompressionIsWhatTheHeaderSays(string encoding, bool compressed, string expected)
    {
        byte[] body = compressed ? Frame(Gzip(Hello[5..]), flag: 1) : Hello;
        (string status, _) = await SendAsync("Unary", body, request => request.Headers.Add("grpc-encoding", encoding));
        Assert.Equal(expected, status);
    }

    [Fact]
    public async Task UnknownCompressionIsToldWhatIsKnown()
    {
        HttpResponseMessage response = await PostAsync("Unary", Frame([1, 2], flag: 1), request => request.Headers.Add("grpc-encoding", "br"));
        Assert.Equal("identity,gzip", Assert.Single(response.Headers.GetValues("grpc-accept-encoding")));
    }

    public static TheoryData<string, byte[], string> DamagedGzip => new()
    {
        { "not gzip", [1, 2, 3, 4], "13" },
        { "empty", [], "13" },
        { "without its end", Gzip(Hello[5..])[..^1], "13" },
        { "without its trailer", Gzip(Hello[5..])[..^8], "13" },
        { "half", Gzip(Hello[5..])[..^12], "13" },
        { "with a wrong checksum", [.. Gzip(Hello[5..])[..^8], 1, 2, 3, 4, .. Gzip(Hello[5..])[^4..]], "13" },
        { "flipped", [.. Gzip(Hello[5..])[..10], 0xff, 0xff, .. Gzip(Hello[5..])[12..]], "13" },
        { "a bomb", Gzip(new byte[100_000_000]), "8" },
    };

    [Theory]
    [MemberData(nameof(DamagedGzip))]
    public async Task DamagedGzipGetsItsStatus(string what, byte[] payload, string expected)
    {
        (string status, _) = await SendAsync("Unary", Frame(payload, flag: 1), request => request.Headers.Add("grpc-encoding", "gzip"));
        Assert.Equal((what, expected), (what, status));
        await WellFormedRequestIsServed();
    }

    [Theory]
    [InlineData("application/grpc", HttpStatusCode.OK)]
    [InlineData("application/grpc+proto", HttpStatusCode.OK)]
    [InlineData("application/grpc; charset=utf-8", HttpStatusCode.OK)]
    [InlineData("Application/gRPC", HttpStatusCode.OK)]
    [InlineData("application/grpc-web", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/json", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("application/grp", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(null, HttpStatusCode.UnsupportedMediaType)]
    public async Task ContentTypeMustBeGrpc(string? contentType, HttpStatusCode expected)
    {
        foreach (string method in (string[])["Unary", "Nothing"])
        {
            HttpResponseMessage response = await PostAsync(method, Hello, contentType: contentType);
            Assert.Equal(expected, response.StatusCode);
        }
    }

    [Fact]
    public async Task OtherVerbIsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, fixture.Uri("Unary"))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        HttpResponseMessage response = await fixture.Http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Theory]
    [InlineData("vswitch.grpc.test.Echo/Nothing")]
    [InlineData("vswitch.grpc.test.Nothing/Unary")]
    public async Task UnknownMethodIsUnimplementedInTrailersOnly(string path)
    {
        HttpResponseMessage response = await PostAsync("../" + path, Hello);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("12", Assert.Single(response.Headers.GetValues("grpc-status")));
        Assert.Equal("application/grpc", response.Content.Headers.ContentType!.MediaType);
        Assert.Empty(response.TrailingHeaders);
    }

    [Theory]
    [InlineData("60S", "0")]
    [InlineData("99999999H", "0")]
    [InlineData("99999999M", "0")]
    [InlineData("0n", "4")]
    [InlineData("0S", "4")]
    [InlineData("5", "13")]
    [InlineData("-1S", "13")]
    [InlineData("123456789S", "13")]
    public async Task TimeoutIsHeeded(string timeout, string expected)
    {
        (string status, _) = await SendAsync("Unary", Hello, request => request.Headers.TryAddWithoutValidation("grpc-timeout", timeout));
        Assert.Equal(expected, status);
    }

    [Fact]
    public Task ServerGivesUpAtTheDeadlineByItself() => Deadlines.TryAsync(async time =>
    {
        string name = Guid.NewGuid().ToString();
        byte[] body = Frame(new EchoRequest { Text = name }.ToByteArray());
        (string status, _) = await SendAsync("Hang", body, request => request.Headers.Add("grpc-timeout", $"{time.TotalMilliseconds}m"));
        Assert.Equal("4", status);
        (_, byte[] reply) = await SendAsync("HowEnded", body);
        string ending = EchoReply.Parser.ParseFrom(reply[5..]).Text;
        Assert.Contains(ending, (string[])["deadline", ""]);
        return ending.Length > 0;
    });

    [Fact]
    public async Task MalformedMetadataFailsTheHandlerThatReadsIt()
    {
        (string status, _) = await SendAsync("Reflect", Hello, request => request.Headers.TryAddWithoutValidation("x-data-bin", "!"));
        Assert.Equal("13", status);
        (status, _) = await SendAsync("Unary", Hello, request => request.Headers.TryAddWithoutValidation("x-data-bin", "!"));
        Assert.Equal("0", status);
    }

    [Fact]
    public async Task RandomBodiesNeverStopTheServer()
    {
        var random = new Random(20260101);
        for (int round = 0; round < 300; round++)
        {
            byte[] body = new byte[random.Next(64)];
            random.NextBytes(body);
            if (body.Length >= 5 && round % 3 != 0)
            {
                // A right prefix lets the garbage reach the parser.
                Frame(body[5..]).CopyTo(body, 0);
            }

            (string status, _) = await SendAsync(round % 2 == 0 ? "Unary" : "Chat", body);
            Assert.Contains(status, (string[])["0", "8", "13"]);
        }

        await WellFormedRequestIsServed();
    }

    private static byte[] Frame(byte[] payload, byte flag = 0)
    {
        byte[] frame = [flag, 0, 0, 0, 0, .. payload];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), payload.Length);
        return frame;
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize))
        {
            gzip.Write(bytes);
        }

        return compressed.ToArray();
    }

    private async Task<(string Status, byte[] Body)> SendAsync(string method, byte[] body, Action<HttpRequestMessage>? configure = null)
    {
        HttpResponseMessage response = await PostAsync(method, body, configure);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        byte[] answer = await response.Content.ReadAsByteArrayAsync(Stop);
        HttpHeaders trailers = response.TrailingHeaders.Contains("grpc-status") ? response.TrailingHeaders : response.Headers;
        return (Assert.Single(trailers.GetValues("grpc-status")), answer);
    }

    private async Task<HttpResponseMessage> PostAsync(
        string method, byte[] body, Action<HttpRequestMessage>? configure = null, string? contentType = "application/grpc")
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, fixture.Uri(method))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(body),
        };
        if (contentType is not null)
        {
            request.Content.Headers.TryAddWithoutValidation("content-type", contentType);
        }

        configure?.Invoke(request);
        return await fixture.Http.SendAsync(request, Stop);
    }

    /// <summary>One server for all requests, so that the next test would notice if a request stopped it.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private TestServer _server = null!;

        public HttpClient Http { get; } = new();

        public Uri Uri(string method) => new($"http://{_server.Tcp}/vswitch.grpc.test.Echo/{method}");

        public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync();

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await _server.DisposeAsync();
        }
    }
}
