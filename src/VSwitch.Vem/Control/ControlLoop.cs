using System.Threading.Channels;

namespace VSwitch.Vem;

/// <summary>
/// The one thread of control: everything that changes the VEM's state runs here, one action after the other, so that
/// none of that state needs a lock. Actions are short; nothing in one waits for the network.
/// </summary>
public sealed class ControlLoop : IDisposable
{
    private readonly Channel<Action> _actions = Channel.CreateUnbounded<Action>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Thread _thread;

    public ControlLoop()
    {
        _thread = new Thread(Loop) { Name = "control", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Hands in an action and does not wait for it.</summary>
    public void Post(Action action) => _actions.Writer.TryWrite(action);

    /// <summary>Runs a function on the loop and returns what it returns, or throws what it throws.</summary>
    public Task<T> Invoke<T>(Func<T> function)
    {
        var completion = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        bool accepted = _actions.Writer.TryWrite(() =>
        {
            try
            {
                completion.SetResult(function());
            }
            catch (Exception exception)
            {
                completion.SetException(exception);
            }
        });
        if (!accepted)
            completion.SetCanceled();
        return completion.Task;
    }

    public Task Invoke(Action action) => Invoke(() =>
    {
        action();
        return true;
    });

    /// <summary>Runs what was handed in before, then ends.</summary>
    public void Dispose()
    {
        _actions.Writer.TryComplete();
        _thread.Join();
    }

    private void Loop()
    {
        while (_actions.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_actions.Reader.TryRead(out Action? action))
                action();
        }
    }
}
