using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VSwitch.Grpc;
using VSwitch.Protocol;

namespace VSwitch.Cli.Tests.Fakes;

/// <summary>A <see cref="TinySwitch"/> that is served over a unix socket. The line <c>hang</c> never gets an answer.</summary>
internal sealed class TinyVsm : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TinyVsm(WebApplication app) => _app = app;

    /// <summary>Whether a call is waiting that never gets an answer.</summary>
    public bool HasHungCall => _app.Services.GetRequiredService<Hanging>().Count > 0;

    public TinySwitch Switch => _app.Services.GetRequiredService<TinySwitch>();

    public static async Task<TinyVsm> StartAsync(string socketPath)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ListenGrpc(GrpcAddress.Parse("unix:" + socketPath));
        builder.Services.AddGrpc();
        builder.Services.AddSingleton<TinySwitch>();
        builder.Services.AddSingleton<Hanging>();
        WebApplication app = builder.Build();
        app.MapGrpcService<Service>();
        await app.StartAsync();
        return new TinyVsm(app);
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private sealed class Hanging
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public async Task WaitAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _count);
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                Interlocked.Decrement(ref _count);
            }
        }
    }

    private sealed class Service(TinySwitch tiny, Hanging hanging) : Management.ManagementBase
    {
        public override async Task<ExecuteResponse> Execute(ExecuteRequest request, ServerCallContext context)
        {
            if (request.Line == "hang")
                await hanging.WaitAsync(context.CancellationToken);
            if (request.Line == "throw")
                throw new RpcException(new Status(StatusCode.ResourceExhausted, "the switch is full"));
            return await tiny.ExecuteAsync(request, context.CancellationToken);
        }

        public override Task<HelpResponse> Help(HelpRequest request, ServerCallContext context) =>
            tiny.HelpAsync(request, context.CancellationToken);

        public override Task<CompleteResponse> Complete(HelpRequest request, ServerCallContext context) =>
            tiny.CompleteAsync(request, context.CancellationToken);
    }
}
