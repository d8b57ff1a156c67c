using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace VSwitch.Vem;

/// <summary>What a VEM says of itself and its host.</summary>
internal static class VemVersion
{
    public static string Text { get; } = typeof(VemVersion).Assembly.GetName().Version?.ToString(3) ?? "0.0.0";

    /// <summary><c>Linux 6.1.0-39-amd64</c>.</summary>
    public static string System { get; } = $"Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}";

    /// <summary>The host's first address that is not loopback, else 127.0.0.1.</summary>
    public static string HostAddress { get; } = FindHostAddress();

    private static string FindHostAddress()
    {
        IPAddress? address = NetworkInterface.GetAllNetworkInterfaces()
            .Where(link => link.OperationalStatus == OperationalStatus.Up && link.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(link => link.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork);
        return (address ?? IPAddress.Loopback).ToString();
    }
}
