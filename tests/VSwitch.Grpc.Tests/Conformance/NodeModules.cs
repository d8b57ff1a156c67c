using VSwitch.Grpc.Tests.Conformance;

[assembly: AssemblyFixture(typeof(NodeModules))]

namespace VSwitch.Grpc.Tests.Conformance;

/// <summary>A temporary folder with @grpc/grpc-js, installed when the first test asks.</summary>
public sealed class NodeModules : IDisposable
{
    private const string Package = "@grpc/grpc-js@1.14.7";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vswitch-grpc-node-");
    private readonly Lazy<Task<string>> _installed;

    public NodeModules() => _installed = new Lazy<Task<string>>(InstallAsync);

    /// <summary>The folder that NODE_PATH must name. Fails, saying so, if the package cannot be had.</summary>
    public Task<string> PathAsync => _installed.Value;

    public void Dispose() => _folder.Delete(recursive: true);

    private async Task<string> InstallAsync()
    {
        await using Peer npm = Peer.Start(
            "npm",
            [
                "install", "--prefix", _folder.FullName, "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline",
                "--fetch-timeout=20000", "--fetch-retries=3", "--fetch-retry-maxtimeout=10000", Package,
            ],
            $"npm is not installed, so {Package} cannot be had: apt-get install nodejs npm");
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        await npm.WaitForSuccessAsync(patience.Token);
        return Path.Combine(_folder.FullName, "node_modules");
    }
}
