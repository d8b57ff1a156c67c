using System.Diagnostics;
using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using VSwitch.Grpc;
using VSwitch.Protocol;

namespace VSwitch.Vem;

/// <summary>
/// The line to the VSM. It dials, says hello with what is attached and what is in force, and then does what comes:
/// state is applied on the control loop and acknowledged, questions are answered, attachments are reported. A line
/// that breaks changes nothing in the VEM; it is dialled again after <see cref="BackOffMin"/>, twice that, up to
/// <see cref="BackOffMax"/>. Only a VEM that finds its identity taken from the start ends: it is a copy.
/// </summary>
internal sealed partial class VsmSession(
    VemOptions options, VemIdentity identity, ControlLoop loop, VemControl control, VemAnswers answers, CardInfo card,
    IHostApplicationLifetime lifetime, ILogger<VsmSession> log)
    : BackgroundService
{
    private static readonly TimeSpan BackOffMin = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan BackOffMax = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HeartbeatPeriod = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a VEM that was never welcomed takes "your identity is taken" for its own earlier life: the VSM gives a
    /// silent line up after 3 s, so whoever holds the identity beyond this is alive.
    /// </summary>
    private static readonly TimeSpan IdentityPatience = TimeSpan.FromSeconds(8);

    private readonly ulong _startTime = (ulong)DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private volatile Channel<VemMessage>? _outbox;

    /// <summary>Why this VEM cannot go on; null while it can.</summary>
    public string? Failure { get; private set; }

    /// <summary>
    /// Has the VSM told something, if there is a line. From the moment that the hello is made nothing is lost: what is not in it
    /// goes behind it, once the VSM has welcomed this VEM.
    /// </summary>
    public bool TrySend(VemMessage message) => _outbox?.Writer.TryWrite(message) ?? false;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        control.Tell = message => TrySend(message);
        // Not before the program has its own socket: one that cannot start must not become a module.
        await Task.Delay(Timeout.InfiniteTimeSpan, lifetime.ApplicationStarted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        TimeSpan backOff = BackOffMin;
        bool everWelcomed = false;
        var refused = new Stopwatch();
        while (!stoppingToken.IsCancellationRequested)
        {
            bool welcomed = false, taken = false;
            try
            {
                await RunLine(() => welcomed = true, stoppingToken);
                card.LineError = "the VSM ended the session";
            }
            catch (Exception exception) when (exception is RpcException or IOException or OperationCanceledException or RefusedException)
            {
                string reason = Reason(exception);
                if (reason != card.LineError && !stoppingToken.IsCancellationRequested)
                    Log.LineLost(log, options.Vsm, reason);
                card.LineError = reason;
                taken = exception is RefusedException { IdentityTaken: true };
            }
            finally
            {
                _outbox = null;
                loop.Post(GiveUpWaiting);
            }
            everWelcomed |= welcomed;
            if (!taken || everWelcomed)
                refused.Reset();
            else if (refused.Elapsed < IdentityPatience)
                refused.Start();
            else
            {
                Failure = $"The VSM at {options.Vsm} refuses this VEM: {card.LineError}. Give it a --state folder of its own.";
                lifetime.StopApplication();
                return;
            }
            if (welcomed)
                backOff = BackOffMin;
            await Task.Delay(backOff, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            backOff = TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, BackOffMax.Ticks));
        }
    }

    private async Task RunLine(Action onWelcome, CancellationToken stoppingToken)
    {
        using GrpcChannel channel = GrpcChannels.Create(GrpcAddress.Parse(options.Vsm));
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        using AsyncDuplexStreamingCall<VemMessage, VsmMessage> call = new Protocol.VemControl.VemControlClient(channel).Session(cancellationToken: ended.Token);

        var outbox = Channel.CreateUnbounded<VemMessage>(new UnboundedChannelOptions { SingleReader = true });
        Task sending = Task.CompletedTask;
        try
        {
            Hello hello = await loop.Invoke(() =>
            {
                _outbox = outbox;
                return MakeHello();
            });
            await call.RequestStream.WriteAsync(new VemMessage { Hello = hello }, ended.Token);
            while (await call.ResponseStream.MoveNext(ended.Token))
            {
                VsmMessage message = call.ResponseStream.Current;
                if (message.BodyCase == VsmMessage.BodyOneofCase.Welcome)
                {
                    await loop.Invoke(() => control.SetModule(message.Welcome.Module));
                    card.LineError = "";
                    card.SwitchName = message.Welcome.SwitchName;
                    onWelcome();
                    Log.Welcomed(log, options.Vsm, message.Welcome.Module);
                    sending = Send(call.RequestStream, outbox, ended.Token);
                }
                else
                    await Handle(message, outbox.Writer);
            }
        }
        finally
        {
            _outbox = null;
            outbox.Writer.TryComplete();
            await ended.CancelAsync();
            await sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private string Reason(Exception exception) => exception switch
    {
        RpcException rpc when ConnectFailure.Is(rpc) => ConnectFailure.Reason(GrpcAddress.Parse(options.Vsm), rpc),
        RpcException rpc => rpc.Status.Detail.TrimEnd('.'),
        _ => exception.Message,
    };

    private Hello MakeHello()
    {
        var hello = new Hello
        {
            Protocol = ProtocolVersion.Number,
            HostId = identity.HostId,
            HostName = options.Name,
            Instance = identity.Instance,
            Version = VemVersion.Text,
            System = VemVersion.System,
            HostAddress = VemVersion.HostAddress,
            StartTime = _startTime,
            Module = control.Module,
            Epoch = control.Configuration.Epoch,
            Hash = StateHash.Of(control.Configuration),
        };
        hello.Attachments.AddRange(control.Ports.Select(port => port.Attachment.Clone()));
        return hello;
    }

    private async Task Handle(VsmMessage message, ChannelWriter<VemMessage> outbox)
    {
        switch (message.BodyCase)
        {
            case VsmMessage.BodyOneofCase.Refused:
                throw new RefusedException(message.Refused);
            case VsmMessage.BodyOneofCase.Update:
                outbox.TryWrite(await loop.Invoke(() => Apply(message.Update)));
                break;
            case VsmMessage.BodyOneofCase.AttachResult:
                await loop.Invoke(() => Settle(message.AttachResult));
                break;
            case VsmMessage.BodyOneofCase.Question:
                Answer answer = await loop.Invoke(() => answers.Answer(message.Question));
                outbox.TryWrite(new VemMessage { Answer = answer });
                break;
        }
    }

    /// <summary>Applies an update whole or not at all, and says which.</summary>
    private VemMessage Apply(StateUpdate update)
    {
        if (StateUpdates.Apply(control.Configuration, update) is not { } state)
            return new VemMessage { Nack = new Nack { Epoch = update.Epoch, WantsFull = true, Reason = "the change does not fit the state that this VEM has" } };
        try
        {
            control.Apply(state);
        }
        catch (InvalidDataException exception)
        {
            Log.NotApplied(log, update.Epoch, exception.Message);
            return new VemMessage { Nack = new Nack { Epoch = update.Epoch, Reason = exception.Message } };
        }
        return new VemMessage { Ack = new Ack { Epoch = update.Epoch, Hash = update.Hash } };
    }

    /// <summary>Hands the VSM's word about an attachment to whoever waits for it.</summary>
    private void Settle(AttachResult result)
    {
        VemPort? port = control.Ports.FirstOrDefault(port => port.Attachment.Id == result.Id);
        if (port is null)
            return;
        if (result.Error.Length > 0)
        {
            port.DownReason = result.Error;
            Log.AttachmentRefused(log, port.Device, result.Error);
        }
        else
            port.Attachment.Anew = false;
        port.Waiting?.TrySetResult(result);
        port.Waiting = null;
    }

    /// <summary>The line is gone, and with it the answers.</summary>
    private void GiveUpWaiting()
    {
        foreach (VemPort port in control.Ports)
        {
            port.Waiting?.TrySetCanceled();
            port.Waiting = null;
        }
    }

    private static async Task Send(IClientStreamWriter<VemMessage> stream, Channel<VemMessage> outbox, CancellationToken ended)
    {
        var heartbeat = new VemMessage { Heartbeat = new Heartbeat() };
        while (!ended.IsCancellationRequested)
        {
            using var due = CancellationTokenSource.CreateLinkedTokenSource(ended);
            due.CancelAfter(HeartbeatPeriod);
            try
            {
                await stream.WriteAsync(await outbox.Reader.ReadAsync(due.Token), ended);
            }
            catch (OperationCanceledException) when (!ended.IsCancellationRequested)
            {
                await stream.WriteAsync(heartbeat, ended);
            }
        }
    }

    /// <summary>The VSM will not have this VEM, and says why.</summary>
    private sealed class RefusedException(Refused refused) : Exception(refused.Reason)
    {
        public bool IdentityTaken => refused.IdentityTaken;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The VSM at {Address} welcomed this VEM as module {Module}")]
        public static partial void Welcomed(ILogger log, string address, uint module);

        [LoggerMessage(Level = LogLevel.Warning, Message = "No line to the VSM at {Address}: {Reason}. Forwarding goes on; dialling again")]
        public static partial void LineLost(ILogger log, string address, string reason);

        [LoggerMessage(Level = LogLevel.Error, Message = "Configuration {Epoch} is not applied: {Reason}")]
        public static partial void NotApplied(ILogger log, ulong epoch, string reason);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The VSM refused {Device}: {Reason}")]
        public static partial void AttachmentRefused(ILogger log, string device, string reason);
    }
}
