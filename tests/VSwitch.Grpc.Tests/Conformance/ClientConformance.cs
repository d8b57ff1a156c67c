using System.Text;
using Grpc.Core;
using Grpc.Net.Client;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests.Conformance;

/// <summary>
/// What our client must do against any server of the Echo service. Each derived class runs it against one implementation: ours, or
/// one that shares no code with it.
/// </summary>
public abstract class ClientConformance
{
    private const int RequestBytesMax = 4 * 1024 * 1024;
    private const int ResponseBytesMax = GrpcChannels.MessageBytesMax;

    protected abstract GrpcChannel Channel { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Echo.EchoClient Client => new(Channel);

    [Fact]
    public async Task UnaryCallGivesResponseStatusAndTrailers()
    {
        using AsyncUnaryCall<EchoReply> call = Client.UnaryAsync(new EchoRequest { Text = "héllo" }, cancellationToken: Stop);
        EchoReply reply = await call;
        Assert.Equal(new EchoReply { Text = "héllo", Count = 5 }, reply);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
        Assert.Empty(call.GetTrailers());
        await call.ResponseHeadersAsync;
    }

    [Fact]
    public void BlockingCallGivesResponse() =>
        Assert.Equal(new EchoReply { Text = "x", Count = 1 }, Client.Unary(new EchoRequest { Text = "x" }, cancellationToken: Stop));

    [Fact]
    public async Task EmptyMessagesTravel() =>
        Assert.Equal(new EchoReply(), await Client.UnaryAsync(new EchoRequest(), cancellationToken: Stop));

    [Fact]
    public async Task ClientStreamIsCollected()
    {
        using var call = Client.Collect(cancellationToken: Stop);
        foreach (string text in (string[])["a", "", "b", "c"])
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text }, Stop);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(new EchoReply { Text = "abc", Count = 4 }, await call);
    }

    [Fact]
    public async Task ClientStreamMayBeEmpty()
    {
        using var call = Client.Collect(cancellationToken: Stop);
        await call.RequestStream.CompleteAsync();
        Assert.Equal(new EchoReply(), await call);
    }

    [Fact]
    public async Task BufferedWritesArrive()
    {
        using var call = Client.Collect(new CallOptions(cancellationToken: Stop, writeOptions: new WriteOptions(WriteFlags.BufferHint)));
        for (int index = 0; index < 10; index++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = "x" }, Stop);
        }

        await call.RequestStream.CompleteAsync();
        Assert.Equal(10, (await call).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task ServerStreamArrivesInOrder(int count)
    {
        using var call = Client.Repeat(new EchoRequest { Text = "x", Count = count }, cancellationToken: Stop);
        int[] numbers = await call.ResponseStream.ReadAllAsync(Stop).Select(reply => reply.Count).ToArrayAsync(Stop);
        Assert.Equal(Enumerable.Range(0, count), numbers);
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Fact]
    public async Task DuplexStreamAnswersEachMessageBeforeTheNext()
    {
        using var call = Client.Chat(cancellationToken: Stop);
        for (int index = 0; index < 20; index++)
        {
            await call.RequestStream.WriteAsync(new EchoRequest { Text = $"{index}" }, Stop);
            Assert.True(await call.ResponseStream.MoveNext(Stop));
            Assert.Equal(new EchoReply { Text = $"{index}", Count = index }, call.ResponseStream.Current);
        }

        Assert.Throws<InvalidOperationException>(() => call.GetStatus());
        await call.RequestStream.CompleteAsync();
        Assert.False(await call.ResponseStream.MoveNext(Stop));
        Assert.False(await call.ResponseStream.MoveNext(Stop));
        Assert.Equal(StatusCode.OK, call.GetStatus().StatusCode);
    }

    [Theory]
    [InlineData(StatusCode.Cancelled, "")]
    [InlineData(StatusCode.NotFound, "not here")]
    [InlineData(StatusCode.InvalidArgument, "100 % of 'ünïcode' \U0001F600\r\n\ttabs, too")]
    [InlineData(StatusCode.Unauthenticated, "%41 is not A")]
    public async Task FailureBringsStatusAndTrailers(StatusCode status, string detail)
    {
        using var call = Client.FailAsync(new EchoRequest { Status = (int)status, Text = detail }, cancellationToken: Stop);
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal((status, detail), (e.StatusCode, e.Status.Detail));
        Assert.Equal("because", e.Trailers.GetValue("x-reason"));
        Assert.Equal(EchoService.Bytes, e.Trailers.GetValueBytes("x-bytes-bin"));
        Assert.Equal(EchoService.Details, e.Trailers.GetValueBytes("grpc-status-details-bin"));
        Assert.Equal(e.Status, call.GetStatus());
    }

    [Fact]
    public async Task MetadataTravelsBothWays()
    {
        var sent = new Metadata { { "x-text", "a b,c; d=%41" }, { "X-Upper", "VALUE" } };
        for (int length = 1; length <= 4; length++)
        {
            sent.Add($"x-bytes{length}-bin", EchoService.Bytes[..length]);
        }

        using var call = Client.ReflectAsync(new EchoRequest(), sent, cancellationToken: Stop);
        Metadata headers = await call.ResponseHeadersAsync;
        Assert.Equal(new EchoReply { Text = "/vswitch.grpc.test.Echo/Reflect", Count = 6 }, await call);
        foreach (Metadata.Entry entry in sent)
        {
            Assert.Equal(entry.ValueBytes, headers.GetValueBytes(entry.Key));
            Assert.Equal(entry.ValueBytes, call.GetTrailers().GetValueBytes($"trailer-{entry.Key}"));
        }
    }

    [Fact]
    public Task DeadlineEndsTheCallOnBothSides() => Deadlines.TryAsync(async time =>
    {
        string name = Guid.NewGuid().ToString();
        RpcException e = await Assert.ThrowsAsync<RpcException>(() =>
            Client.HangAsync(new EchoRequest { Text = name }, deadline: DateTime.UtcNow + time, cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        string ending = await HowEndedAsync(name);
        Assert.Contains(ending, (string[])["deadline", "cancelled", ""]);
        return ending.Length > 0;
    });

    [Fact]
    public Task DeadlineEndsAStreamBetweenMessages() => Deadlines.TryAsync(async time =>
    {
        string name = Guid.NewGuid().ToString();
        using var call = Client.HangAfterFirst(new EchoRequest { Text = name }, deadline: DateTime.UtcNow + time, cancellationToken: Stop);
        if (!await Deadlines.IsAheadAsync(call.ResponseStream, Stop))
        {
            return false;
        }

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(Stop));
        Assert.Equal(StatusCode.DeadlineExceeded, e.StatusCode);
        Assert.NotEmpty(await HowEndedAsync(name));
        return true;
    });

    [Theory]
    [InlineData("token")]
    [InlineData("dispose")]
    [InlineData("read")]
    public async Task CancellationReachesTheServer(string how)
    {
        string name = Guid.NewGuid().ToString();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        using var call = Client.HangAfterFirst(
            new EchoRequest { Text = name }, cancellationToken: how == "token" ? cancel.Token : CancellationToken.None);
        Assert.True(await call.ResponseStream.MoveNext(Stop));

        Task<bool> next = call.ResponseStream.MoveNext(how == "read" ? cancel.Token : CancellationToken.None);
        if (how == "dispose")
        {
            call.Dispose();
        }
        else
        {
            await cancel.CancelAsync();
        }

        RpcException e = await Assert.ThrowsAsync<RpcException>(() => next);
        Assert.Equal(StatusCode.Cancelled, e.StatusCode);
        Assert.Equal(StatusCode.Cancelled, call.GetStatus().StatusCode);
        Assert.Equal("cancelled", await HowEndedAsync(name));
    }

    [Fact]
    public async Task UnknownMethodIsUnimplemented()
    {
        Marshaller<string> text = Marshallers.StringMarshaller;
        var method = new Method<string, string>(MethodType.Unary, "vswitch.grpc.test.Echo", "Nothing", text, text);
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => Channel.CreateCallInvoker()
            .AsyncUnaryCall(method, null, new CallOptions(cancellationToken: Stop), "").ResponseAsync);
        Assert.Equal(StatusCode.Unimplemented, e.StatusCode);
    }

    [Fact]
    public async Task ExceptionInHandlerIsUnknown()
    {
        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => Client.ThrowAsync(new EchoRequest(), cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.Unknown, e.StatusCode);
    }

    [Fact]
    public async Task EarlyEndStopsTheWriter()
    {
        using var call = Client.Refuse(cancellationToken: Stop);
        RpcException written = await Assert.ThrowsAsync<RpcException>(async () =>
        {
            while (true)
            {
                await call.RequestStream.WriteAsync(new EchoRequest { Text = new string('x', 10_000) }, Stop);
            }
        });
        RpcException read = await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync);
        Assert.Equal(new Status(StatusCode.FailedPrecondition, "not now"), read.Status);
        Assert.Equal(read.Status, written.Status);
        Assert.Equal("because", call.GetTrailers().GetValue("x-reason"));
    }

    [Fact]
    public async Task LargestResponseArrivesAndALargerOneDoesNot()
    {
        int overhead = new EchoReply { Text = new string('x', ResponseBytesMax), Count = ResponseBytesMax }.CalculateSize() - ResponseBytesMax;
        int largest = ResponseBytesMax - overhead;
        EchoReply reply = await Client.GrowAsync(new EchoRequest { Text = "x", Count = largest }, cancellationToken: Stop);
        Assert.Equal(ResponseBytesMax, reply.CalculateSize());

        RpcException e = await Assert.ThrowsAsync<RpcException>(
            () => Client.GrowAsync(new EchoRequest { Text = "x", Count = largest + 1 }, cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Fact]
    public async Task TooLargeRequestIsRefusedByTheServer()
    {
        var request = new EchoRequest { Text = new string('x', RequestBytesMax + 1) };
        RpcException e = await Assert.ThrowsAsync<RpcException>(() => Client.UnaryAsync(request, cancellationToken: Stop).ResponseAsync);
        Assert.Equal(StatusCode.ResourceExhausted, e.StatusCode);
    }

    [Fact]
    public async Task CompressedRequestsAreUnderstood()
    {
        var gzip = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        string text = new StringBuilder().Insert(0, "compressible ", 1000).ToString();
        Assert.Equal(text, (await Client.UnaryAsync(new EchoRequest { Text = text }, gzip, cancellationToken: Stop)).Text);
        Assert.Equal("", (await Client.UnaryAsync(new EchoRequest(), gzip, cancellationToken: Stop)).Text);

        using var call = Client.Chat(gzip, cancellationToken: Stop);
        foreach (WriteFlags flags in (WriteFlags[])[WriteFlags.None, WriteFlags.NoCompress, WriteFlags.None])
        {
            call.RequestStream.WriteOptions = new WriteOptions(flags);
            await call.RequestStream.WriteAsync(new EchoRequest { Text = text }, Stop);
            Assert.True(await call.ResponseStream.MoveNext(Stop));
            Assert.Equal(text, call.ResponseStream.Current.Text);
        }
    }

    [Fact]
    public async Task ManyCallsShareAChannel()
    {
        string[] texts = [.. Enumerable.Range(0, 300).Select(index => $"{index}")];
        EchoReply[] replies = await Task.WhenAll(texts.Select(text =>
            Client.UnaryAsync(new EchoRequest { Text = text }, cancellationToken: Stop).ResponseAsync));
        Assert.Equal(texts, replies.Select(reply => reply.Text));
    }

    private async Task<string> HowEndedAsync(string name) =>
        (await Client.HowEndedAsync(new EchoRequest { Text = name }, cancellationToken: Stop)).Text;
}
