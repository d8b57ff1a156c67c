using System.Collections.Concurrent;
using System.Globalization;
using Grpc.Core;
using VSwitch.Grpc.Tests.Protos;

namespace VSwitch.Grpc.Tests;

/// <summary>The service that every test and every peer talks to.</summary>
public sealed class EchoService : Echo.EchoBase
{
    public static readonly byte[] Bytes = [0, 1, 2, 0xfe, 0xff];
    public static readonly byte[] Details = [8, 5, 18, 4, 103, 111, 110, 101]; // google.rpc.Status { code: 5, message: "gone" }

    private static readonly ConcurrentDictionary<string, TaskCompletionSource<string>> Endings = new(StringComparer.Ordinal);

    public override Task<EchoReply> Unary(EchoRequest request, ServerCallContext context) =>
        Task.FromResult(new EchoReply { Text = request.Text, Count = request.Text.Length });

    public override async Task<EchoReply> Collect(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context)
    {
        var reply = new EchoReply();
        await foreach (EchoRequest request in requestStream.ReadAllAsync())
        {
            reply.Text += request.Text;
            reply.Count++;
        }

        return reply;
    }

    public override async Task Repeat(EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        for (int index = 0; index < request.Count; index++)
        {
            await responseStream.WriteAsync(new EchoReply { Text = request.Text, Count = index });
        }
    }

    public override async Task Chat(
        IAsyncStreamReader<EchoRequest> requestStream, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        for (int index = 0; await requestStream.MoveNext(); index++)
        {
            await responseStream.WriteAsync(new EchoReply { Text = requestStream.Current.Text, Count = index });
        }
    }

    public override Task<EchoReply> Grow(EchoRequest request, ServerCallContext context) =>
        Task.FromResult(new EchoReply { Text = new string(request.Text[0], request.Count), Count = request.Count });

    public override Task<EchoReply> Fail(EchoRequest request, ServerCallContext context)
    {
        context.ResponseTrailers.Add("x-reason", "because");
        throw new RpcException(
            new Status((StatusCode)request.Status, request.Text),
            new Metadata { { "x-bytes-bin", Bytes }, { "grpc-status-details-bin", Details } });
    }

    public override async Task<EchoReply> Reflect(EchoRequest request, ServerCallContext context)
    {
        var headers = new Metadata();
        foreach (Metadata.Entry entry in context.RequestHeaders.Where(entry => entry.Key.StartsWith("x-", StringComparison.Ordinal)))
        {
            headers.Add(entry);
            if (entry.IsBinary)
            {
                context.ResponseTrailers.Add($"trailer-{entry.Key}", entry.ValueBytes);
            }
            else
            {
                context.ResponseTrailers.Add($"trailer-{entry.Key}", entry.Value);
            }
        }

        await context.WriteResponseHeadersAsync(headers);
        return new EchoReply { Text = context.Method, Count = headers.Count };
    }

    public override async Task<EchoReply> Hang(EchoRequest request, ServerCallContext context)
    {
        RecordEnd(request, context);
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
        return new EchoReply();
    }

    public override async Task HangAfterFirst(
        EchoRequest request, IServerStreamWriter<EchoReply> responseStream, ServerCallContext context)
    {
        RecordEnd(request, context);
        await responseStream.WriteAsync(new EchoReply { Text = request.Text });
        await Task.Delay(Timeout.Infinite, context.CancellationToken);
    }

    public override async Task<EchoReply> HowEnded(EchoRequest request, ServerCallContext context)
    {
        Task<string> ending = Ending(request.Text).Task;
        await Task.WhenAny(ending, Task.Delay(TimeSpan.FromSeconds(10), context.CancellationToken));
        return new EchoReply { Text = ending.IsCompleted ? await ending : "" };
    }

    public override Task<EchoReply> Refuse(IAsyncStreamReader<EchoRequest> requestStream, ServerCallContext context) =>
        throw new RpcException(new Status(StatusCode.FailedPrecondition, "not now"), new Metadata { { "x-reason", "because" } });

    public override Task<EchoReply> Throw(EchoRequest request, ServerCallContext context) =>
        throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"secret {request.Text}"));

    private static void RecordEnd(EchoRequest request, ServerCallContext context) => context.CancellationToken.Register(
        () => Ending(request.Text).TrySetResult(DateTime.UtcNow >= context.Deadline ? "deadline" : "cancelled"));

    private static TaskCompletionSource<string> Ending(string name) =>
        Endings.GetOrAdd(name, _ => new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously));
}
