using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>
/// The supervisor's end of a VEM's stream.
///
/// Life: the VEM says hello, the supervisor admits or refuses it, then two loops run until the stream ends: one reads what
/// the VEM reports and answers, one writes. Nobody who has something to say to a VEM waits for it: messages go into a
/// bounded queue, and a changed state only sets a flag, which the writing loop turns into one update when the VEM is ready
/// for one. A VEM that lets the queue fill up, or is silent for too long, loses its session and can come back.
///
/// A VEM may send anything in any order. What makes no sense is passed over; what is said twice is said once.
/// </summary>
#pragma warning disable CA1001 // Others may speak to a session that has ended; its token source holds nothing that wants disposal.
public sealed class VemSession
#pragma warning restore CA1001
{
    /// <summary>Heartbeats come every second.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(10);

    /// <summary>A stream this silent does not keep another VEM with the same identity from connecting.</summary>
    public static readonly TimeSpan SilenceOfTheDead = TimeSpan.FromSeconds(3);

    private const int QueueMax = 8192;

    /// <summary>How long a VEM may take to hear why its session ends.</summary>
    private static readonly TimeSpan FarewellMax = TimeSpan.FromSeconds(1);

    private readonly ConcurrentQueue<VsmMessage> _queue = new();
    private readonly Channel<bool> _wake =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _ended = new();
    private readonly TimeProvider _time;
    private readonly Questions _questions = new();
    private long _lastHeard;
    private volatile VsmMessage? _farewell;

    public VemSession(Hello hello, string peer, TimeProvider time, Func<VemSession, StatePush> push)
    {
        Hello = hello;
        Peer = peer;
        _time = time;
        _lastHeard = time.GetTimestamp();
        Connected = time.GetUtcNow();
        State = push(this);
    }

    public Hello Hello { get; }

    /// <summary>Where the VEM connects from.</summary>
    public string Peer { get; }

    public DateTimeOffset Connected { get; }

    public StatePush State { get; }

    /// <summary>How long nothing has been heard.</summary>
    public TimeSpan Silence => _time.GetElapsedTime(Volatile.Read(ref _lastHeard));

    /// <summary>Queues a message. False if the session is over, or ends because the VEM does not take its messages.</summary>
    public bool Send(VsmMessage message)
    {
        if (_farewell is not null || _ended.IsCancellationRequested)
            return false;
        if (_queue.Count >= QueueMax)
        {
            End();
            return false;
        }

        _queue.Enqueue(message);
        Wake();
        return true;
    }

    /// <summary>Says that the VEM's state may have changed.</summary>
    public void ChangeState()
    {
        State.Change();
        Wake();
    }

    /// <summary>Asks the VEM; null if it does not answer in time.</summary>
    public Task<Answer?> AskAsync(Question question) => _questions.AskAsync(question, Send);

    /// <summary>Ends the session at once.</summary>
    public void End() => _ended.Cancel();

    /// <summary>Ends the session once the VEM has heard why, or does not listen.</summary>
    public void End(string reason)
    {
        var farewell = new VsmMessage { Refused = new Refused { Reason = reason } };
        _farewell = farewell;
        _queue.Enqueue(farewell);
        Wake();
        _ended.CancelAfter(FarewellMax);
    }

    /// <summary>Runs the session until the stream or the session ends.</summary>
    /// <param name="requests">What the VEM sends, after its hello.</param>
    /// <param name="responses">The way to the VEM.</param>
    /// <param name="handle">What the supervisor does with reports.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async Task RunAsync(
        IAsyncStreamReader<VemMessage> requests, IServerStreamWriter<VsmMessage> responses, Action<VemMessage> handle,
        CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        Task writing = WriteAsync(responses, stop.Token);
        Task reading = ReadAsync(requests, handle, stop.Token);
        await Task.WhenAny(reading, writing);
        await _ended.CancelAsync();
        _questions.Cancel();
        try
        {
            await Task.WhenAll(reading, writing);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or RpcException or InvalidOperationException)
        {
            // The stream is over, whoever ended it; the VEM dials again.
        }
    }

    private async Task ReadAsync(IAsyncStreamReader<VemMessage> requests, Action<VemMessage> handle, CancellationToken cancellationToken)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        silence.CancelAfter(SilenceMax);
        while (await requests.MoveNext(silence.Token))
        {
            silence.CancelAfter(SilenceMax);
            Volatile.Write(ref _lastHeard, _time.GetTimestamp());
            Handle(requests.Current, handle);
        }
    }

    private void Handle(VemMessage message, Action<VemMessage> handle)
    {
        if (_farewell is not null)
            return;
        switch (message.BodyCase)
        {
            case VemMessage.BodyOneofCase.Ack:
                State.Acknowledge(message.Ack);
                Wake();
                break;
            case VemMessage.BodyOneofCase.Nack:
                State.Refuse(message.Nack);
                Wake();
                break;
            case VemMessage.BodyOneofCase.Answer:
                _questions.Answer(message.Answer);
                break;
            case VemMessage.BodyOneofCase.Hello:
                End("hello was said already");
                break;
            case VemMessage.BodyOneofCase.Attach or VemMessage.BodyOneofCase.Detach or VemMessage.BodyOneofCase.Link:
                handle(message);
                break;
        }
    }

    /// <summary>Writes until the farewell has been written or the token fires.</summary>
    private async Task WriteAsync(IServerStreamWriter<VsmMessage> responses, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_queue.TryDequeue(out VsmMessage? message))
            {
                await responses.WriteAsync(message, cancellationToken);
                if (ReferenceEquals(message, _farewell))
                    return;
            }

            if (State.Next() is { } update)
                await responses.WriteAsync(new VsmMessage { Update = update }, cancellationToken);
            else if (_queue.IsEmpty)
                await _wake.Reader.ReadAsync(cancellationToken);
        }
    }

    private void Wake() => _wake.Writer.TryWrite(true);
}
