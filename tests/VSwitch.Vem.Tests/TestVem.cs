using System.Diagnostics;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using VSwitch.Grpc;
using VSwitch.Protocol;

namespace VSwitch.Vem.Tests;

/// <summary>The whole program in a folder of its own, but for its command line.</summary>
internal sealed class TestVem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private WebApplication? _program;
    private GrpcChannel? _channel;

    public string Folder { get; } = Directory.CreateTempSubdirectory("vswitch-vem-").FullName;

    /// <summary>Where it looks for a VSM.</summary>
    public string VsmSocket => Path.Combine(Folder, "vsm.sock");

    /// <summary>What <c>vemcmd</c> would use.</summary>
    public LocalVem.LocalVemClient Vemcmd => new(_channel);

    public async Task StartAsync()
    {
        var options = new VemOptions { State = Folder, Vsm = "unix:" + VsmSocket, Socket = Path.Combine(Folder, "vem.sock"), Cpus = [-1] };
        _program = VemHost.Build(options, new VemIdentity("00000000-0000-0000-0000-000000000001", "instance"));
        await _program.StartAsync(TestContext.Current.CancellationToken);
        _channel = GrpcChannels.Create(GrpcAddress.Parse("unix:" + options.Socket));
    }

    /// <summary>Waits until the VEM sees something.</summary>
    public async Task Sees(string what, Func<VemControl, bool> isSeen)
    {
        VemControl control = _program!.Services.GetRequiredService<VemControl>();
        ControlLoop loop = _program.Services.GetRequiredService<ControlLoop>();
        var waited = Stopwatch.StartNew();
        while (!await loop.Invoke(() => isSeen(control)))
        {
            Assert.True(waited.Elapsed < Patience, $"the VEM does not see {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _channel?.Dispose();
        if (_program is not null)
        {
            using var now = new CancellationTokenSource(TimeSpan.Zero);
            await ((IHost)_program).StopAsync(now.Token);
            _program.Services.GetRequiredService<ControlLoop>().Dispose();
            _program.Services.GetRequiredService<Forwarding.Switch>().Dispose();
            await _program.DisposeAsync();
        }
        Directory.Delete(Folder, recursive: true);
    }
}
