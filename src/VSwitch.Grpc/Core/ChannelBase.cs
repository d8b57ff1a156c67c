namespace Grpc.Core;

/// <summary>A way to one server, over as many connections as it takes.</summary>
public abstract class ChannelBase
{
    /// <summary>Makes a channel to that <c>host:port</c> or path.</summary>
    protected ChannelBase(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        Target = target;
    }

    /// <summary>Where the channel leads.</summary>
    public string Target { get; }

    /// <summary>What generated clients call through.</summary>
    public abstract CallInvoker CreateCallInvoker();

    /// <summary>Closes the channel; calls under way end as cancelled.</summary>
    public Task ShutdownAsync() => ShutdownAsyncCore();

    /// <summary>See <see cref="ShutdownAsync"/>.</summary>
    protected virtual Task ShutdownAsyncCore() => Task.CompletedTask;
}
