using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using VSwitch.Grpc;
using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

/// <summary>A whole supervisor in this process, with its own state directory, behind a unix socket.</summary>
internal sealed class TestVsm : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsm-test-");
    private IConfigStore? _store;
    private WebApplication? _application;

    private TestVsm()
    {
    }

    public string StateDirectory => Path.Combine(_directory.FullName, "state");

    public GrpcAddress Address => GrpcAddress.Parse($"unix:{Path.Combine(_directory.FullName, "vsm.sock")}");

    public GrpcChannel Channel { get; private set; } = null!;

    public Supervisor Supervisor => _application!.Services.GetRequiredService<Supervisor>();

    public RunningConfiguration Configuration => Supervisor.Configuration;

    public static async Task<TestVsm> StartAsync(params string[] configuration)
    {
        var vsm = new TestVsm();
        await vsm.StartAgainAsync();
        vsm.Configure(configuration);
        return vsm;
    }

    /// <summary>Starts the supervisor with what the state directory holds.</summary>
    public async Task StartAgainAsync()
    {
        _store = SqliteConfigStore.Open(StateDirectory);
        _application = VsmHost.Build(new VsmOptions { Listen = [Address], StateDirectory = StateDirectory }, _store, new StoppedClock());
        await _application.StartAsync();
        Channel = GrpcChannels.Create(Address);
    }

    public async Task StopAsync()
    {
        Channel.Dispose();
        await _application!.StopAsync();
        await _application.DisposeAsync();
        _store!.Dispose();
    }

    /// <summary>A user's session: one line after the other.</summary>
    public TestUser User() => new(_application!.Services.GetRequiredService<ManagementService>());

    /// <summary>Executes lines in configuration mode; all of them must be taken.</summary>
    public void Configure(params string[] lines)
    {
        TestUser user = User();
        user.Must("configure terminal");
        foreach (string line in lines)
            user.Must(line);
    }

    /// <summary>Waits until every connected VEM runs what it should.</summary>
    public async Task InSyncAsync()
    {
        while (!Supervisor.Modules.Connected.All(module => module.Session!.State.IsInSync))
            await Task.Delay(5, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Delete(recursive: true);
    }
}

/// <summary>A clock that always shows the same time; what is measured with it goes on as ever.</summary>
internal sealed class StoppedClock : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(2026, 11, 18, 20, 53, 10, TimeSpan.Zero);
}

/// <summary>Somebody at the command line.</summary>
internal sealed class TestUser(ManagementService service)
{
    public string Session { get; private set; } = "";

    public string Prompt { get; private set; } = "switch# ";

    public ExecuteResponse Say(string line)
    {
        ExecuteResponse response = service.Execute(new ExecuteRequest { Session = Session, Line = line });
        Session = response.Session;
        Prompt = response.Prompt;
        return response;
    }

    public async Task<string> HelpAsync(string line) =>
        (await service.Help(new HelpRequest { Session = Session, Line = line }, null!)).Text;

    /// <summary>Says a line that must be taken.</summary>
    /// <returns>The output.</returns>
    public string Must(string line)
    {
        ExecuteResponse response = Say(line);
        Assert.True(response.Ok, $"{line}: {response.Error}");
        return response.Output;
    }
}
