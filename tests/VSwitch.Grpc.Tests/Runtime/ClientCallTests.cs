using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using VSwitch.Grpc.Tests.Protos;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Tests.Runtime;

/// <summary>The rules of the client's API that no server can make it break.</summary>
public sealed class ClientCallTests : IAsyncLifetime
{
    private TestServer _server = null!;
    private GrpcChannel _channel = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Echo.EchoClient Client => new(_channel);

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync();
        _channel = _server.CreateChannel();
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task WriteAfterCompletionIsRefused()
    {
        using var call = Client.Chat(cancellationToken: Stop);
        await call.RequestStream.CompleteAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest(), Stop));
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync(new EchoRequest(), Stop));
    }

    [Fact]
    public async Task WriteAfterTheCallsEndGivesItsStatus()
    {
        using var call = Client.Refuse(cancellationToken: Stop);
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest(), Stop));
        Assert.Equal(StatusCode.FailedPrecondition, e.StatusCode);
    }

    [Fact]
    public async Task EarlyEndOfADuplexCallStopsTheWriterAndTellsTheReader()
    {
        await using TestServer server = await TestServer.StartAsync(Both, async (_, responses, _) =>
        {
            await responses.WriteAsync([1]);
            throw new RpcException(new Status(StatusCode.FailedPrecondition, "not now"));
        });
        using GrpcChannel channel = server.CreateChannel();
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Both, null, new CallOptions(cancellationToken: Stop));
        RpcException written = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new byte[10_000], Stop);
            }
        });
        Assert.Equal(StatusCode.Cancelled, written.StatusCode);
        written = await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync([], Stop));
        Assert.True(written.StatusCode == StatusCode.Cancelled, $"{written}");
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        RpcException read = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Stop));
        Assert.Equal(new Status(StatusCode.FailedPrecondition, "not now"), read.Status);
    }

    [Fact]
    public async Task ServerThatNeverAcceptsIsUnavailable()
    {
        using var handler = new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromMilliseconds(100),
            ConnectCallback = async (_, cancellationToken) =>
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                return Stream.Null;
            },
        };
        using GrpcChannel channel = GrpcChannel.ForAddress("http://silent:1", new GrpcChannelOptions { HttpHandler = handler });
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => new Echo.EchoClient(channel).UnaryAsync(new EchoRequest(), cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.Unavailable, e.StatusCode);
    }

    [Fact]
    public async Task OneReadAtATime()
    {
        using var call = Client.Chat(cancellationToken: Stop);
        Task<bool> first = call.ResponseStream.MoveNext(Stop);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.ResponseStream.MoveNext(Stop));
        await call.RequestStream.CompleteAsync();
        Assert.False(await first);
    }

    [Fact]
    public void CurrentNeedsARead()
    {
        using var call = Client.Chat(cancellationToken: Stop);
        Assert.Throws<InvalidOperationException>(() => call.ResponseStream.Current);
    }

    [Fact]
    public async Task StatusAndTrailersNeedAnEnd()
    {
        using var call = Client.Chat(cancellationToken: Stop);
        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        Assert.Throws<InvalidOperationException>(() => call.GetTrailers());
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Stop));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        call.Dispose();
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task DeadlineThatHasPassedNeedsNoServer()
    {
        using GrpcChannel nowhere = GrpcChannels.Create(GrpcAddress.Parse("unix:/nowhere/at.all"));
        var client = new Echo.EchoClient(nowhere);
        foreach (DateTime deadline in (DateTime[])[DateTime.UtcNow.AddSeconds(-1), DateTime.MinValue])
        {
            RpcException e = await Assert.ThrowsAsync<RpcException>(
                () => client.UnaryAsync(new EchoRequest(), deadline: deadline, cancellationToken: Stop).ResponseAsync);
            Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        }
    }

    [Fact]
    public async Task DeadlineIsInUtc()
    {
        Assert.Throws<InvalidOperationException>(() =>
            Client.UnaryAsync(new EchoRequest(), deadline: DateTime.Now.AddDays(1), cancellationToken: Stop));
        await Client.UnaryAsync(new EchoRequest(), deadline: DateTime.MaxValue, cancellationToken: Stop);
        await Client.UnaryAsync(new EchoRequest(), deadline: DateTime.UtcNow.AddYears(100), cancellationToken: Stop);
    }

    [Fact]
    public async Task TokenThatHasFiredCancelsTheCall()
    {
        var fired = new CancellationToken(canceled: true);
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => Client.UnaryAsync(new EchoRequest(), cancellationToken: fired).ResponseAsync);
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);

        using var call = Client.Chat(cancellationToken: fired);
        await Assert.ThrowsAsync<RpcException>(() => call.RequestStream.WriteAsync(new EchoRequest(), Stop));
        await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Stop));
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task ClosedChannelCancelsItsCalls()
    {
        using var call = Client.HangAfterFirst(new EchoRequest { Text = Guid.NewGuid().ToString() }, cancellationToken: Stop);
        Assert.True(await call.ResponseStream.MoveNext(Stop));
        await _channel.ShutdownAsync();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Stop));
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
        Assert.Throws<ObjectDisposedException>(() => new Echo.EchoClient(_channel));
    }

    [Fact]
    public async Task RequestLargerThanTheLimitIsNotSent()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress(
            $"http://{_server.Tcp}", new GrpcChannelOptions { MaxSendMessageSize = 100, MaxReceiveMessageSize = null });
        var client = new Echo.EchoClient(channel);
        await client.UnaryAsync(new EchoRequest { Text = new string('x', 90) }, cancellationToken: Stop);
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => client.UnaryAsync(new EchoRequest { Text = new string('x', 100) }, cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);

        // A stream survives a message that it cannot take.
        using var call = client.Collect(cancellationToken: Stop);
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "a" }, Stop);
        e = await Assert.ThrowsAsync<RpcException>(
            () => call.RequestStream.WriteAsync(new EchoRequest { Text = new string('x', 100) }, Stop));
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
        await call.RequestStream.WriteAsync(new EchoRequest { Text = "b" }, Stop);
        await call.RequestStream.CompleteAsync();
        Assert.Equal("ab", (await call).Text);

        // Without a receive limit anything arrives.
        Assert.Equal(10_000_000, (await client.GrowAsync(new EchoRequest { Text = "x", Count = 10_000_000 }, cancellationToken: Stop)).Count);
    }

    [Fact]
    public void CredentialsMustFitTheAddress()
    {
        GrpcChannel.ForAddress("http://localhost:1", new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure }).Dispose();
        GrpcChannel.ForAddress("https://localhost:1", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }).Dispose();
        Assert.Throws<InvalidOperationException>(() =>
            GrpcChannel.ForAddress("https://localhost:1", new GrpcChannelOptions { Credentials = ChannelCredentials.Insecure }));
        Assert.Throws<InvalidOperationException>(() =>
            GrpcChannel.ForAddress("http://localhost:1", new GrpcChannelOptions { Credentials = ChannelCredentials.SecureSsl }));
    }

    [Fact]
    public void UnknownCompressionIsRefused() => Assert.Throws<InvalidOperationException>(() => Client.UnaryAsync(
        new EchoRequest(), new Metadata { { "grpc-internal-encoding-request", "snappy" } }, cancellationToken: Stop));

    [Fact]
    public async Task UnreadResponsesHoldTheServerBack()
    {
        // The server would send 400 MB. What it is ahead by must fit the windows and buffers in between.
        const int Count = 100;
        int size = 4_000_000;
        int sent = 0;
        await using TestServer server = await TestServer.StartAsync(Both, async (_, responses, _) =>
        {
            for (; sent < Count; sent++)
            {
                await responses.WriteAsync(new byte[size]);
            }
        });
        using GrpcChannel channel = server.CreateChannel();
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Both, null, new CallOptions(cancellationToken: Stop));
        Assert.True(await call.ResponseStream.MoveNext(Stop));

        await SettleAsync(() => sent);
        Assert.InRange(sent, 1, Count / 2);
        int received = 1;
        while (await call.ResponseStream.MoveNext(Stop))
        {
            Assert.Equal(size, call.ResponseStream.Current.Length);
            received++;
        }

        Assert.Equal(Count, received);
    }

    [Fact]
    public async Task UnreadRequestsHoldTheClientBack()
    {
        const int Count = 1000;
        var read = new TaskCompletionSource();
        int received = 0;
        await using TestServer server = await TestServer.StartAsync(Both, async (requests, _, _) =>
        {
            await read.Task;
            while (await requests.MoveNext())
            {
                received++;
            }
        });
        using GrpcChannel channel = server.CreateChannel();
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(Both, null, new CallOptions(cancellationToken: Stop));

        // What fits the server's window is taken, and the write after that waits for the reader, whatever the machine does meanwhile.
        byte[] request = new byte[100_000];
        int taken = new KestrelServerOptions().Limits.Http2.InitialStreamWindowSize / (MessageReader<byte[]>.PrefixBytes + request.Length);
        for (int sent = 0; sent < taken; sent++)
        {
            await call.RequestStream.WriteAsync(request, Stop);
        }

        Task held = call.RequestStream.WriteAsync(request, Stop);
        await Task.Delay(300, Stop);
        Assert.False(held.IsCompleted);
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.WriteAsync([], Stop));
        await Assert.ThrowsAsync<InvalidOperationException>(() => call.RequestStream.CompleteAsync());

        read.SetResult();
        await held;
        for (int sent = taken + 1; sent < Count; sent++)
        {
            await call.RequestStream.WriteAsync(request, Stop);
        }

        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Stop));
        Assert.Equal(Count, received);
    }

    private static readonly Marshaller<byte[]> Raw = Marshallers.Create<byte[]>(bytes => bytes, bytes => bytes);

    private static readonly Method<byte[], byte[]> Both = new(MethodType.DuplexStreaming, "test.Raw", "Both", Raw, Raw);

    // Waits until a count has started and stands still. If the machine is so slow that it only seems to stand, the test still holds.
    private static async Task SettleAsync(Func<int> count)
    {
        int before;
        do
        {
            before = count();
            await Task.Delay(300, Stop);
        }
        while (count() != before || before == 0);
    }
}
