using Google.Protobuf;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>
/// Keeps one VEM's state equal to what it should be.
///
/// At most one update is on its way. While it is, changes only set a flag; when the VEM has answered, one update takes it
/// from what it then runs to the newest state, however many changes there were. What the VEM runs (the base) is known from
/// its hello or its last ack; an update from a known base is a delta, and all else gets everything. A VEM that runs what it
/// should is sent nothing.
///
/// A refused update is not sent again as it was: the next change brings the next one. A delta that did not fit is followed
/// by a full state at once, a full state that did not fit is not.
/// </summary>
public sealed class StatePush
{
    private readonly Lock _lock = new();
    private readonly Func<VemState> _wanted;
    private readonly Hello _hello;
    private Known? _base;
    private Known? _inFlight;
    private bool _inFlightIsFull;
    private bool _changed;
    private ulong _epoch;

    /// <summary>A state with its hash, which is dear.</summary>
    private sealed record Known(VemState State, ByteString Hash)
    {
        public static Known Of(VemState state) => new(state, StateHash.Of(state));
    }

    /// <param name="wanted">Builds the newest state.</param>
    /// <param name="hello">What the VEM said it runs.</param>
    /// <param name="remembered">The state that the VEM acknowledged last, in an earlier session; null if none.</param>
    public StatePush(Func<VemState> wanted, Hello hello, VemState? remembered)
    {
        _wanted = wanted;
        _hello = hello;
        _epoch = hello.Epoch;
        _changed = true;
        if (remembered is not null && remembered.Epoch == hello.Epoch && Known.Of(remembered) is var known && known.Hash.Equals(hello.Hash))
            _base = known;
    }

    /// <summary>The state that the VEM is known to run; null while that is not known.</summary>
    public VemState? Acknowledged
    {
        get
        {
            lock (_lock)
                return _base?.State;
        }
    }

    /// <summary>Whether the VEM runs the newest state, by its hash.</summary>
    public bool IsInSync
    {
        get
        {
            lock (_lock)
                return _base is not null && _inFlight is null && _base.Hash.Equals(StateHash.Of(_wanted()));
        }
    }

    /// <summary>Why the VEM refused the last update; null if it did not.</summary>
    public Nack? Refusal { get; private set; }

    /// <summary>Says that the wanted state may have changed.</summary>
    public void Change()
    {
        lock (_lock)
            _changed = true;
    }

    /// <summary>The update to send now; null if there is none, or one is on its way.</summary>
    public StateUpdate? Next()
    {
        lock (_lock)
        {
            if (!_changed || _inFlight is not null)
                return null;
            _changed = false;

            Known wanted = Known.Of(_wanted());
            if (_base is null && wanted.Hash.Equals(_hello.Hash))
            {
                wanted.State.Epoch = _hello.Epoch;
                _base = wanted;
            }

            if (_base is not null && _base.Hash.Equals(wanted.Hash))
                return null;
            wanted.State.Epoch = ++_epoch;
            _inFlight = wanted;
            _inFlightIsFull = _base is null;
            return _base is null ? StateUpdates.Full(wanted.State) : StateUpdates.Between(_base.State, wanted.State);
        }
    }

    /// <summary>The VEM runs an update. An answer to anything but the update on its way means nothing.</summary>
    public void Acknowledge(Ack ack)
    {
        lock (_lock)
        {
            if (_inFlight is null || _inFlight.State.Epoch != ack.Epoch)
                return;
            bool isAsSent = _inFlight.Hash.Equals(ack.Hash);
            _base = isAsSent ? _inFlight : null;
            _changed |= !isAsSent && !_inFlightIsFull;
            _inFlight = null;
            Refusal = isAsSent ? null : new Nack { Epoch = ack.Epoch, Reason = "it runs a state with another hash" };
        }
    }

    /// <summary>The VEM refused an update.</summary>
    public void Refuse(Nack nack)
    {
        lock (_lock)
        {
            if (_inFlight is null || _inFlight.State.Epoch != nack.Epoch)
                return;
            if (nack.WantsFull)
            {
                _base = null;
                _changed |= !_inFlightIsFull;
            }

            _inFlight = null;
            Refusal = nack;
        }
    }
}
