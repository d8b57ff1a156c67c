namespace VSwitch.Integration.Tests.Qemu;

/// <summary>dnsmasq behind an endpoint, which hands out addresses of the endpoint's /24 network.</summary>
public sealed class DhcpServer : IDisposable
{
    private readonly Daemon _dnsmasq;

    public DhcpServer(Endpoint endpoint)
    {
        Network = endpoint.Address[..(endpoint.Address.LastIndexOf('.') + 1)];
        _dnsmasq = endpoint.Start(
            "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
            "--user=root", "--pid-file=", "--leasefile-ro", "--log-dhcp", "--log-facility=-", "--no-ping",
            $"--interface={endpoint.Device}", $"--dhcp-range={Network}100,{Network}200,255.255.255.0");
        Wait.Until(() => endpoint.Run("ss", "-Hlun", "sport = :67").Length > 0, () => $"dnsmasq to listen:\n{Log}");
    }

    /// <summary>The first three numbers of every address, <c>10.1.1.</c>.</summary>
    public string Network { get; }

    public string Log => _dnsmasq.Log;

    public void Dispose() => _dnsmasq.Dispose();
}
