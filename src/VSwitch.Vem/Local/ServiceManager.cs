using System.Net.Sockets;
using System.Text;

namespace VSwitch.Vem;

/// <summary>Tells the service manager that started this process how it is (sd_notify(3)); does nothing under none.</summary>
internal static class ServiceManager
{
    public static void NotifyReady()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
            return;
        // A leading @ means the abstract namespace, whose names start with a zero byte (unix(7)).
        var address = new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.SendTo(Encoding.ASCII.GetBytes("READY=1"), address);
    }
}
