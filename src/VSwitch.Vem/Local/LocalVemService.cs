using System.Text;
using Grpc.Core;
using VSwitch.Linux;
using VSwitch.Ports;
using VSwitch.Protocol;
using VSwitch.Wire;

namespace VSwitch.Vem;

/// <summary>The VEM's own socket: <c>vemcmd</c> and attach helpers. Everything but a new number works with no VSM.</summary>
internal sealed class LocalVemService(ControlLoop loop, VemControl control, VsmSession session, VemCommands commands) : LocalVem.LocalVemBase
{
    /// <summary>IFNAMSIZ less its terminating zero (linux/if.h).</summary>
    private const int NetdevNameBytesMax = 15;

    private const int QueueCountMax = 64;

    /// <summary>How long an attachment waits for its number.</summary>
    internal static readonly TimeSpan AnswerTimeMax = TimeSpan.FromSeconds(5);

    public override async Task<AttachResponse> Attach(AttachRequest request, ServerCallContext context)
    {
        Attachment attachment = Check(request);
        var answered = new TaskCompletionSource<AttachResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        (VemPort port, bool isAnswerDue) = await Local(() =>
        {
            VemPort attached = control.Attach(attachment);
            attached.Waiting = answered;
            var report = new VemMessage { Attach = new AttachReport { Attachment = attached.Attachment.Clone() } };
            return (attached, session.TrySend(report) && !control.Card.IsVsmLost);
        });
        if (!isAnswerDue)
            return await loop.Invoke(() => Headless(port));
        try
        {
            AttachResult result = await answered.Task.WaitAsync(AnswerTimeMax, context.CancellationToken);
            if (result.Error.Length == 0)
                return await loop.Invoke(() => new AttachResponse { Interface = result.Interface, Notice = Notice(result.Notice, port) });
            await loop.Invoke(() => control.Detach(port));
            throw new RpcException(new Status(StatusCode.FailedPrecondition, result.Error));
        }
        catch (Exception exception) when (exception is TimeoutException || answered.Task.IsCanceled)
        {
            return await loop.Invoke(() => Headless(port));
        }
    }

    public override async Task<DetachResponse> Detach(DetachRequest request, ServerCallContext context) => await Local(() =>
    {
        VemPort port = control.Find(request.Port);
        if (port.Attachment.Uplink)
            throw new PortException($"{port.Attachment.Device} is an uplink; it is detached by leaving it off the VEM's command line.");
        control.Detach(port);
        return new DetachResponse { Interface = port.Interface ?? "", Notice = Notice("") };
    });

    public override Task<ExecuteResponse> Execute(ExecuteRequest request, ServerCallContext context) =>
        loop.Invoke(() => commands.Execute(request));

    public override Task<HelpResponse> Help(HelpRequest request, ServerCallContext context) =>
        loop.Invoke(() => commands.Help(request));

    public override Task<CompleteResponse> Complete(HelpRequest request, ServerCallContext context) =>
        loop.Invoke(() => commands.Complete(request));

    /// <summary>Runs on the control loop; what cannot be done comes back as a status with the reason.</summary>
    private async Task<T> Local<T>(Func<T> function)
    {
        try
        {
            return await loop.Invoke(function);
        }
        catch (PortException exception)
        {
            throw new RpcException(new Status(StatusCode.FailedPrecondition, exception.Message));
        }
    }

    private static Attachment Check(AttachRequest request)
    {
        if (request.Device.Length == 0)
            throw Wrong("no netdev or socket is named");
        if (request.Kind is PortOpener.Tap or PortOpener.Packet && !IsNetdevName(request.Device))
        {
            throw Wrong(
                $"'{request.Device}' is not the name of a netdev; it has 1 to {NetdevNameBytesMax} bytes, none of them of a blank, a slash, a colon, "
                + "a percent sign or a control character, and is not ., .., all or default");
        }
        if (request.Kind is PortOpener.VhostUser or PortOpener.Stream && SocketProblem(request.Device) is { } problem)
            throw Wrong(problem);
        if (request.Queues > QueueCountMax)
            throw Wrong($"{request.Queues} queues are too many; a card has 1 to {QueueCountMax}");
        if (request.MtuBytes is > 0 and (< Mtu.BytesMin or > Mtu.BytesMax))
            throw Wrong($"an MTU of {request.MtuBytes} bytes is none that a port can have; it is {Mtu.BytesMin} to {Mtu.BytesMax}");
        if (request.Profile.Length == 0)
            throw Wrong("--profile is missing: name a port profile of type vethernet");
        if (request.Vm.Length == 0)
            throw Wrong("--vm is missing: name the VM that the network card belongs to");
        if (request.Mac.Length > 0 && (!MacAddress.TryParse(request.Mac, out MacAddress mac) || mac.IsMulticast || mac.Value == 0))
            throw Wrong($"'{request.Mac}' is not the MAC address of a network card; it looks like 00:50:56:b3:06:d1");
        return new Attachment
        {
            Id = Guid.NewGuid().ToString(),
            Kind = request.Kind,
            Device = request.Device,
            Netns = request.Netns,
            Client = request.Client,
            Queues = request.Queues,
            MtuBytes = request.MtuBytes,
            Profile = request.Profile,
            Vm = request.Vm,
            Adapter = request.Adapter == 0 ? 1 : request.Adapter,
            Mac = request.Mac.Length > 0 ? MacAddress.Parse(request.Mac).ToColon() : "",
        };
    }

    /// <summary>
    /// What the kernel takes as it is (dev_valid_name, and what would clash with its sysctls): not too long, no path, no pattern such as
    /// tap%d, nothing that would break a table or a terminal.
    /// </summary>
    private static bool IsNetdevName(string name) =>
        Encoding.UTF8.GetByteCount(name) <= NetdevNameBytesMax
        && name is not ("." or ".." or "all" or "default")
        && !name.Any(letter => letter is '/' or ':' or '%' || char.IsWhiteSpace(letter) || char.IsControl(letter));

    /// <summary>What is wrong with a path at which we are to listen or to find somebody who does; null if nothing is.</summary>
    private static string? SocketProblem(string path)
    {
        int bytes = Encoding.UTF8.GetByteCount(path);
        if (bytes > UnixSocket.PathBytesMax)
            return $"the path of the socket has {bytes} bytes; at most {UnixSocket.PathBytesMax} fit: {path}";
        if (Path.GetDirectoryName(path) is { Length: > 0 } folder && !Directory.Exists(folder))
            return $"there is no folder {folder}";
        return FileStatus.TryRead(path, out FileStatus status) && !status.IsSocket ? $"{path} is there and is no socket" : null;
    }

    private static RpcException Wrong(string message) => new(new Status(StatusCode.InvalidArgument, message));

    private AttachResponse Headless(VemPort port) => new()
    {
        Interface = port.State?.Interface ?? "",
        Notice = Notice(
            $"No VSM answers ({(control.Card.IsHeadless ? control.Card.LineError : $"connected, silent for {AnswerTimeMax.TotalSeconds} s")}); " + (port.State is null
                ? $"{port.Device} is attached and stays blocked until the VSM has numbered it."
                : $"{port.Device} runs with the policy that it had before."),
            port),
    };

    /// <summary>What the user should know besides, a line each.</summary>
    private string Notice(string notice, VemPort? port = null)
    {
        var lines = new List<string> { notice };
        lines.AddRange(port?.SwitchPort?.Port.Warnings.Select(warning => $"{warning}.") ?? []);
        if (control.SaveProblem.Length > 0)
            lines.Add($"This is not on the disk ({control.SaveProblem}), and a restart of the VEM would undo it.");
        return string.Join('\n', lines.Where(line => line.Length > 0));
    }
}
