using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

/// <summary>
/// A VEM that forwards nothing: the far end of the real stream. It acknowledges updates by itself unless told otherwise,
/// and keeps everything else that it hears until somebody asks for it.
/// </summary>
internal sealed class FakeVem : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly AsyncDuplexStreamingCall<VemMessage, VsmMessage> _call;
    private readonly Channel<VsmMessage> _heard = Channel.CreateUnbounded<VsmMessage>();
    private readonly Channel<StateUpdate> _updates = Channel.CreateUnbounded<StateUpdate>();
    private readonly SemaphoreSlim _writing = new(1);
    private readonly Task _reading;

    private FakeVem(GrpcChannel channel)
    {
        _call = new VemControl.VemControlClient(channel).Session(new CallOptions(cancellationToken: TestContext.Current.CancellationToken));
        _reading = ReadAsync();
    }

    public uint Module { get; private set; }

    /// <summary>What the VEM runs.</summary>
    public VemState State { get; private set; } = new();

    /// <summary>How updates are answered; null leaves them unanswered.</summary>
    public Func<StateUpdate, VemMessage?>? Answer { get; set; }

    /// <summary>How questions are answered; null leaves them unanswered.</summary>
    public Func<Question, Answer>? AnswerQuestion { get; set; }

    public static Hello Hello(int host = 1) => new()
    {
        Protocol = ProtocolVersion.Number,
        HostId = $"00000000-0000-0000-0000-{host:D12}",
        HostName = $"host{host}",
        HostAddress = $"10.0.0.{host}",
        System = "Linux 6.1.0-39-amd64",
        Version = "1.0",
        Instance = Guid.NewGuid().ToString(),
    };

    public static Attachment Tap(string vm, string profile, uint adapter = 1) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Kind = "tap",
        Device = $"tap-{vm}-{adapter}",
        Vm = vm,
        Adapter = adapter,
        Profile = profile,
        Mac = "00:50:56:b3:06:d1",
        LinkUp = true,
    };

    public static Attachment Uplink(string profile, uint number = 1) => new()
    {
        Id = Guid.NewGuid().ToString(),
        Kind = "packet",
        Device = $"eth{number}",
        Uplink = true,
        UplinkNumber = number,
        Profile = profile,
        LinkUp = true,
    };

    /// <summary>Connects and waits to be welcomed.</summary>
    public static async Task<FakeVem> ConnectAsync(TestVsm vsm, Hello? hello = null, VemState? runs = null)
    {
        FakeVem vem = Dial(vsm);
        if (runs is not null)
            vem.State = runs;
        await vem.SayAsync(new VemMessage { Hello = hello ?? Hello() });
        vem.Module = (await vem.HearAsync(VsmMessage.BodyOneofCase.Welcome)).Welcome.Module;
        return vem;
    }

    /// <summary>Opens a stream and says nothing.</summary>
    public static FakeVem Dial(TestVsm vsm) => new(vsm.Channel);

    public async Task SayAsync(VemMessage message)
    {
        await _writing.WaitAsync();
        try
        {
            await _call.RequestStream.WriteAsync(message);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>The next message that is no update and no question, which must be of this kind.</summary>
    public async Task<VsmMessage> HearAsync(VsmMessage.BodyOneofCase kind)
    {
        VsmMessage message = await _heard.Reader.ReadAsync().AsTask().WaitAsync(Patience);
        Assert.Equal(kind, message.BodyCase);
        return message;
    }

    public Task<StateUpdate> UpdateAsync() => _updates.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    /// <summary>True if an update has come that nobody has asked for.</summary>
    public bool HasUpdate => _updates.Reader.TryPeek(out _);

    public async Task<AttachResult> AttachAsync(Attachment attachment)
    {
        await SayAsync(new VemMessage { Attach = new AttachReport { Attachment = attachment } });
        return (await HearAsync(VsmMessage.BodyOneofCase.AttachResult)).AttachResult;
    }

    public Task DetachAsync(Attachment attachment) => SayAsync(new VemMessage { Detach = new DetachReport { Id = attachment.Id } });

    /// <summary>Waits until the VEM's state is as wanted.</summary>
    public async Task<ToldPort> PortAsync(string name, Func<ToldPort, bool> isReady)
    {
        while (true)
        {
            if (State.Ports.FirstOrDefault(port => port.Interface == name) is { } port
                && new ToldPort(port, State.Policies.Single(policy => policy.Name == port.Policy)) is var told && isReady(told))
                return told;
            await UpdateAsync();
        }
    }

    /// <summary>Waits until the stream is over.</summary>
    public Task EndAsync() => _reading.WaitAsync(Patience);

    /// <summary>Cuts the line, as a killed process does.</summary>
    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _reading;
        _writing.Dispose();
    }

    private async Task ReadAsync()
    {
        try
        {
            await foreach (VsmMessage message in _call.ResponseStream.ReadAllAsync())
                await HandleAsync(message);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException)
        {
            // The call is over.
        }

        _heard.Writer.TryComplete();
        _updates.Writer.TryComplete();
    }

    private async Task HandleAsync(VsmMessage message)
    {
        switch (message.BodyCase)
        {
            case VsmMessage.BodyOneofCase.Update:
                if ((Answer ?? Apply)(message.Update) is { } answer)
                    await TrySayAsync(answer);
                _updates.Writer.TryWrite(message.Update);
                break;
            case VsmMessage.BodyOneofCase.Question:
                if (AnswerQuestion?.Invoke(message.Question) is { } said)
                {
                    said.Question = message.Question.Id;
                    await TrySayAsync(new VemMessage { Answer = said });
                }

                break;
            default:
                _heard.Writer.TryWrite(message);
                break;
        }
    }

    /// <summary>The other side may be gone, with its last words still to be read.</summary>
    private async Task TrySayAsync(VemMessage message)
    {
        try
        {
            await SayAsync(message);
        }
        catch (Exception e) when (e is RpcException or OperationCanceledException or InvalidOperationException)
        {
            // Reading goes on to the end.
        }
    }

    private VemMessage Apply(StateUpdate update)
    {
        if (StateUpdates.Apply(State, update) is not { } next)
            return new VemMessage { Nack = new Nack { Epoch = update.Epoch, WantsFull = true, Reason = "does not fit" } };
        State = next;
        return new VemMessage { Ack = new Ack { Epoch = next.Epoch, Hash = StateHash.Of(next) } };
    }
}

/// <summary>What a VEM was told about a port: whose it is, and what it does.</summary>
internal sealed record ToldPort(PortState State, PolicyState Policy)
{
    public string Profile => State.Profile;

    public string Vm => State.Vm;

    public uint Adapter => State.Adapter;

    public bool AdminUp => Policy.AdminUp;

    public bool Trunk => Policy.Trunk;

    public uint AccessVlan => Policy.AccessVlan;

    public string BlockedReason => Policy.BlockedReason;
}
