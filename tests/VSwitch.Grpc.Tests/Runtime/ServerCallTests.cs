using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests.Runtime;

/// <summary>The rules of the server's API, seen by handlers that each test writes for itself.</summary>
public sealed class ServerCallTests
{
    private static readonly Marshaller<string> Text = Marshallers.StringMarshaller;
    private static readonly Method<string, string> Unary = new(MethodType.Unary, "test.Raw", "Unary", Text, Text);
    private static readonly Method<string, string> Duplex = new(MethodType.DuplexStreaming, "test.Raw", "Duplex", Text, Text);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static CallOptions Options => new(cancellationToken: Stop);

    [Fact]
    public async Task WriteAfterTheHandlersEndIsRefused()
    {
        IServerStreamWriter<string>? writer = null;
        IAsyncStreamReader<string>? reader = null;
        await using TestServer server = await TestServer.StartAsync(Duplex, (requests, responses, _) =>
        {
            (writer, reader) = (responses, requests);
            return Task.CompletedTask;
        });
        using GrpcChannel channel = server.CreateChannel();
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Duplex, null, Options);
        Assert.False(await call.ResponseStream.MoveNext(Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => writer!.WriteAsync("late", Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader!.MoveNext(Stop));
    }

    [Fact]
    public async Task ReadLeftBehindEndsWithTheHandler()
    {
        Task<bool>? left = null;
        await using TestServer server = await TestServer.StartAsync(Duplex, async (requests, responses, _) =>
        {
            left = requests.MoveNext();
            await Assert.ThrowsAsync<InvalidOperationException>(() => requests.MoveNext());
            await responses.WriteAsync("done");
        });
        using GrpcChannel channel = server.CreateChannel();
        for (int round = 0; round < 20; round++)
        {
            using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Duplex, null, Options);
            Assert.True(await call.ResponseStream.MoveNext(Stop));
            Assert.False(await call.ResponseStream.MoveNext(Stop));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left!);
        }
    }

    [Fact]
    public async Task WriteAfterCancellationIsRefused()
    {
        var refused = new TaskCompletionSource<Exception>();
        await using TestServer server = await TestServer.StartAsync(Duplex, async (_, responses, context) =>
        {
            await responses.WriteAsync("first");
            var fired = new TaskCompletionSource();
            context.CancellationToken.Register(fired.SetResult);
            await fired.Task;
            refused.SetResult(await Record.ExceptionAsync(() => responses.WriteAsync("second", Stop))
                ?? new InvalidDataException("the write succeeded"));
        });
        using GrpcChannel channel = server.CreateChannel();
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Duplex, null, Options);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        call.Dispose();
        Assert.IsType<InvalidOperationException>(await refused.Task.WaitAsync(Stop));
    }

    [Fact]
    public async Task HandlerThatHeedsNoDeadlineStillEndsAsExceeded()
    {
        await using TestServer server = await TestServer.StartAsync(Duplex, async (_, responses, context) =>
        {
            await responses.WriteAsync("first");
            var fired = new TaskCompletionSource();
            context.CancellationToken.Register(fired.SetResult);
            await fired.Task;
        });
        using GrpcChannel channel = server.CreateChannel();
        await Deadlines.TryAsync(async time =>
        {
            using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(
                Duplex, null, Options.WithDeadline(DateTime.UtcNow + time));
            if (!await Deadlines.IsAheadAsync(call.ResponseStream, Stop))
            {
                return false;
            }

            RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Stop));
            Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
            return true;
        });
    }

    [Fact]
    public async Task StatusMayBeSetInsteadOfThrown()
    {
        await using TestServer server = await TestServer.StartAsync(Unary, (_, context) =>
        {
            context.Status = new Status(StatusCode.NotFound, "gone");
            context.ResponseTrailers.Add("x-where", "nowhere");
            return Task.FromResult("unused");
        });
        RpcException e = await FailAsync(server);
        Assert.Equal(new Status(StatusCode.NotFound, "gone"), e.Status);
        Assert.Equal("nowhere", e.Trailers.GetValue("x-where"));
    }

    [Fact]
    public async Task HeadersAreSentOnce()
    {
        await using TestServer server = await TestServer.StartAsync(Unary, async (_, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "x-one", "1" }, { "x-one", "2" } });
            await Assert.ThrowsAsync<InvalidOperationException>(() => context.WriteResponseHeadersAsync([]));
            return "fine";
        });
        using GrpcChannel channel = server.CreateChannel();
        using var call = channel.CreateCallInvoker().AsyncUnaryCall(Unary, null, Options, "");
        Assert.Equal("fine", await call);
        Assert.Equal(["1", "2"], (await call.ResponseHeadersAsync).GetAll("x-one").Select(entry => entry.Value));
    }

    [Fact]
    public async Task NoResponseIsAFailure()
    {
        await using TestServer server = await TestServer.StartAsync(Unary, (_, _) => Task.FromResult<string>(null!));
        Assert.Equal(StatusCode.Cancelled, (await FailAsync(server)).StatusCode);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task ExceptionsTextStaysInsideUnlessAllowed(bool detailed, bool told)
    {
        await using TestServer server = await TestServer.StartAsync(
            Unary,
            (string _, ServerCallContext _) => throw new FormatException("secret"),
            options => options.EnableDetailedErrors = detailed);
        RpcException e = await FailAsync(server);
        Assert.Equal(StatusCode.Unknown, e.StatusCode);
        Assert.Equal(told, e.Status.Detail.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ResponseLargerThanTheLimitIsNotSent()
    {
        await using TestServer server = await TestServer.StartAsync(
            Unary, (_, _) => Task.FromResult(new string('x', 101)), options => options.MaxSendMessageSize = 100);
        Assert.Equal(StatusCode.ResourceExhausted, (await FailAsync(server)).StatusCode);
    }

    [Fact]
    public async Task ContextKnowsTheCall()
    {
        ServerCallContext? seen = null;
        string peers = "";
        DateTime deadline = DateTime.UtcNow.AddMinutes(1);
        await using TestServer server = await TestServer.StartAsync(Unary, (_, context) =>
        {
            seen = context;
            peers += context.Peer + " ";
            context.UserState["key"] = context.GetHttpContext().Request.Protocol;
            Assert.Equal("HTTP/2", context.UserState["key"]);
            Assert.Equal("/test.Raw/Unary", context.Method);
            Assert.Equal("somewhere", context.Host);
            Assert.InRange(context.Deadline, deadline.AddSeconds(-1), deadline.AddSeconds(30));
            Assert.DoesNotContain(context.RequestHeaders, entry => entry.Key is "te" or "content-type" or "grpc-timeout");
            return Task.FromResult("");
        });
        foreach (GrpcAddress address in (GrpcAddress[])[server.Tcp, server.Socket])
        {
            using GrpcChannel channel = GrpcChannels.Create(address);
            await channel.CreateCallInvoker().AsyncUnaryCall(Unary, "somewhere", Options.WithDeadline(deadline), "");
        }

        Assert.Matches("^ipv4:127.0.0.1:[0-9]+ unix: $", peers);
        Assert.NotNull(seen);
    }

    [Fact]
    public async Task KestrelsBodyLimitsDoNotApplyToStreams()
    {
        // Kestrel's own defaults are 30 MB and 240 bytes a second; these are what a test can wait for.
        await using TestServer server = await TestServer.StartAsync(services: services => services.Configure<KestrelServerOptions>(kestrel =>
        {
            kestrel.Limits.MaxRequestBodySize = 1000;
            kestrel.Limits.MinRequestBodyDataRate = new MinDataRate(1_000_000, TimeSpan.FromSeconds(1.1));
        }));
        using GrpcChannel channel = server.CreateChannel();
        using var call = new Echo.EchoClient(channel).Chat(cancellationToken: Stop);
        for (int index = 0; index < 2; index++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = new string('x', 2000) }, Stop);
            Assert.True(await call.ResponseStream.MoveNext(Stop));
            await Task.Delay(TimeSpan.FromSeconds(3), Stop);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Stop));
    }

    [Fact]
    public async Task RegisteredServiceIsSharedAndAnotherIsMadePerCall()
    {
        CountingService.Made = CountingService.Disposed = 0;
        await using (TestServer perCall = await TestServer.StartAsync(map: app => app.MapGrpcService<CountingService>()))
        {
            await CallThriceAsync(perCall);
            await CountingService.AreDisposedAsync(3);
            Assert.Equal((3, 3), (CountingService.Made, CountingService.Disposed));
        }

        await using (TestServer shared = await TestServer.StartAsync(
            services: services => services.AddSingleton<CountingService>(), map: app => app.MapGrpcService<CountingService>()))
        {
            await CallThriceAsync(shared);
            Assert.Equal((4, 3), (CountingService.Made, CountingService.Disposed));
        }
    }

    [Fact]
    public async Task InstanceIsServedByItsDefinition()
    {
        using var instance = new CountingService();
        await using TestServer server = await TestServer.StartAsync(map: app => app.MapGrpcService(Echo.BindService(instance)));
        await CallThriceAsync(server);
        Assert.Equal(3, instance.Calls);
    }

    [Fact]
    public async Task ConventionsApplyToEveryMethod()
    {
        await using TestServer server = await TestServer.StartAsync(map: app => app.MapGrpcService<EchoService>().RequireHost("elsewhere"));
        using GrpcChannel channel = server.CreateChannel();
        var client = new Echo.EchoClient(channel);
        await client.WithHost("elsewhere").UnaryAsync(new EchoRequest(), cancellationToken: Stop);
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => client.UnaryAsync(new EchoRequest(), cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, e.StatusCode);
    }

    [Fact]
    public async Task OldHttpIsToldToUpgrade()
    {
        await using TestServer server = await TestServer.StartAsync(listen: listen => listen.Protocols = HttpProtocols.Http1);
        using var http = new HttpClient();
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/grpc");
        HttpResponseMessage response = await http.PostAsync(new Uri($"http://{server.Tcp}/vswitch.grpc.test.Echo/Unary"), content, Stop);
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("HTTP/2", $"{response.Headers.Upgrade}");
    }

    [Fact]
    public async Task MappingErrorsAreToldAtStart()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => TestServer.StartAsync(map: app => app.MapGrpcService<ServerCallTests>()));
        WebApplication bare = WebApplication.CreateSlimBuilder().Build();
        Assert.Throws<InvalidOperationException>(() => bare.MapGrpcService<EchoService>());
    }

    private static async Task<RpcException> FailAsync(TestServer server)
    {
        using GrpcChannel channel = server.CreateChannel();
        return await Assert.ThrowsAsync<RpcException>(
            () => channel.CreateCallInvoker().AsyncUnaryCall(Unary, null, Options, "").ResponseAsync);
    }

    private static async Task CallThriceAsync(TestServer server)
    {
        using GrpcChannel channel = server.CreateChannel();
        for (int index = 0; index < 3; index++)
        {
            await new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), cancellationToken: Stop);
        }
    }

    private sealed class CountingService : Echo.EchoBase, IDisposable
    {
        public static int Made;
        public static int Disposed;
        private int _calls;

        public CountingService() => Interlocked.Increment(ref Made);

        public int Calls => _calls;

        public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context)
        {
            Interlocked.Increment(ref _calls);
            return Task.FromResult(new EchoReply());
        }

        public void Dispose() => Interlocked.Increment(ref Disposed);

        /// <summary>Waits until this many are disposed of: that happens after the answer, for which the caller has waited.</summary>
        public static async Task AreDisposedAsync(int count)
        {
            var waited = Stopwatch.StartNew();
            while (Volatile.Read(ref Disposed) < count && waited.Elapsed < Patience)
            {
                await Task.Delay(10, Stop);
            }
        }
    }
}
