using System.Net.Sockets;
using System.Text;

namespace VSwitch.Hosting;

/// <summary>Tells systemd how the service is (sd_notify(3)), if the service was started by it.</summary>
public static class ServiceManager
{
    public static void Notify(string state)
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is not { Length: > 0 } path)
            return;

        // A leading @ stands for the zero byte of an abstract socket's name.
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        try
        {
            socket.SendTo(Encoding.ASCII.GetBytes(state), new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path));
        }
        catch (SocketException)
        {
            // Whoever started the service does not listen; the service runs as well without.
        }
    }
}
