using VSwitch.Cli.Arguments;
using VSwitch.Hosting;
using VSwitch.Protocol;
using VSwitch.Wire;

namespace VSwitch.Cli.Vemcmd;

/// <summary>Reads the words behind <c>vemcmd attach</c>.</summary>
internal static class AttachArguments
{
    private const string Kinds = "tap NAME, packet IFNAME, vhost-user PATH or stream PATH";

    /// <exception cref="UsageException">Something is missing, unknown, or does not go with this kind of port.</exception>
    public static AttachRequest Parse(IReadOnlyList<string> words)
    {
        var request = new AttachRequest();
        var reader = new ArgumentReader(words);
        while (reader.MoveNext())
        {
            if (reader.IsOption)
                ReadOption(reader, request);
            else if (request.Kind.Length == 0)
                request.Kind = reader.Current;
            else if (request.Device.Length == 0)
                request.Device = reader.Current;
            else
                throw new UsageException($"'{reader.Current}' is one word too many behind 'attach {request.Kind} {request.Device}'.");
        }

        Check(request);
        MakePathsAbsolute(request);
        return request;
    }

    private static void ReadOption(ArgumentReader reader, AttachRequest request)
    {
        switch (reader.Current)
        {
            case "--profile":
                request.Profile = reader.Value();
                break;
            case "--vm":
                request.Vm = reader.Value();
                break;
            case "--adapter":
                request.Adapter = reader.Number();
                break;
            case "--mac":
                request.Mac = reader.Value();
                break;
            case "--netns":
                request.Netns = reader.Value();
                break;
            case "--queues":
                request.Queues = reader.Number();
                break;
            case "--mtu":
                request.MtuBytes = reader.Number(Mtu.BytesMin, Mtu.BytesMax);
                break;
            case "--client":
                request.Client = true;
                break;
            default:
                throw new UsageException($"attach has no option '{reader.Current}'.");
        }
    }

    private static void Check(AttachRequest request)
    {
        if (request.Kind is not ("tap" or "packet" or "vhost-user" or "stream"))
        {
            throw new UsageException(
                request.Kind.Length == 0 ? $"attach needs {Kinds}." : $"'{request.Kind}' cannot be attached; it is {Kinds}.");
        }

        if (request.Device.Length == 0)
        {
            string device = IsSocket(request) ? "the PATH of a socket" : "the name of a netdev";
            throw new UsageException($"attach {request.Kind} needs {device}.");
        }

        if (request.Netns.Length > 0 && request.Kind != "tap")
            throw new UsageException($"--netns goes with tap, not with {request.Kind}.");
        if (request.Queues > 0 && request.Kind != "vhost-user")
            throw new UsageException($"--queues goes with vhost-user, not with {request.Kind}.");
        if (request.Client && !IsSocket(request))
            throw new UsageException($"--client goes with vhost-user and stream, not with {request.Kind}.");
        if (request.MtuBytes > 0 && !IsSocket(request))
            throw new UsageException($"--mtu goes with vhost-user and stream, not with {request.Kind}; a netdev has its own: ip link set NETDEV mtu N.");
        if (request.Profile.Length == 0)
            throw new UsageException("attach needs --profile P, a port profile of type vethernet.");
        if (request.Vm.Length == 0)
            throw new UsageException("attach needs --vm VM, the name of the VM whose network card this is.");
    }

    /// <summary>The VEM has another working directory than the user.</summary>
    private static void MakePathsAbsolute(AttachRequest request)
    {
        if (IsSocket(request))
            request.Device = Path.GetFullPath(request.Device);
        if (request.Netns.Contains('/'))
            request.Netns = Path.GetFullPath(request.Netns);
    }

    private static bool IsSocket(AttachRequest request) => request.Kind is "vhost-user" or "stream";
}
