using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VSwitch.Grpc;
using VSwitch.Protocol;

namespace VSwitch.Vem.Tests;

/// <summary>A VSM that configures nothing: the far end of the real stream, which says and hears only what the test has it say and waits for.</summary>
internal sealed class FakeVsm : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly Lines _lines;

    private FakeVsm(WebApplication app)
    {
        _app = app;
        _lines = app.Services.GetRequiredService<Lines>();
    }

    public static async Task<FakeVsm> StartAsync(string socketPath)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ListenGrpc(GrpcAddress.Parse("unix:" + socketPath));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<Lines>();
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new FakeVsm(app);
    }

    /// <summary>The next VEM that dials.</summary>
    public async Task<Line> AcceptAsync() => await _lines.Dialled.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await ((IHost)_app).StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>The stream of one VEM.</summary>
    internal sealed class Line(IAsyncStreamReader<VemMessage> hears, IServerStreamWriter<VsmMessage> says)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public Task SayAsync(VsmMessage message) => says.WriteAsync(message);

        /// <summary>The next message of that kind; heartbeats and others before it are passed over.</summary>
        public async Task<VemMessage> HearAsync(VemMessage.BodyOneofCase kind)
        {
            using var patience = new CancellationTokenSource(Patience);
            while (await hears.MoveNext(patience.Token))
            {
                if (hears.Current.BodyCase == kind)
                    return hears.Current;
            }
            throw new EndOfStreamException($"The VEM ended its stream before it said {kind}.");
        }

        public void End() => _ended.TrySetResult();
    }

    private sealed class Lines
    {
        public Channel<Line> Dialled { get; } = Channel.CreateUnbounded<Line>();
    }

    private sealed class Service(Lines lines) : Protocol.VemControl.VemControlBase
    {
        public override async Task Session(IAsyncStreamReader<VemMessage> requestStream, IServerStreamWriter<VsmMessage> responseStream, ServerCallContext context)
        {
            var line = new Line(requestStream, responseStream);
            await lines.Dialled.Writer.WriteAsync(line);
            await line.Ended.WaitAsync(context.CancellationToken);
        }
    }
}
