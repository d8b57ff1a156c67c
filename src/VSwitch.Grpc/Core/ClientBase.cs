namespace Grpc.Core;

/// <summary>The base of generated clients.</summary>
public abstract class ClientBase<T> : ClientBase
    where T : ClientBase<T>
{
    /// <summary>For test doubles, which override the calls themselves.</summary>
    protected ClientBase()
    {
    }

    /// <summary>Makes a client of that channel.</summary>
    protected ClientBase(ChannelBase channel)
        : base(channel)
    {
    }

    /// <summary>Makes a client that calls through that invoker.</summary>
    protected ClientBase(CallInvoker callInvoker)
        : base(callInvoker)
    {
    }

    /// <summary>Makes a client with that configuration.</summary>
    protected ClientBase(ClientBaseConfiguration configuration)
        : base(configuration)
    {
    }

    /// <summary>A client of the same channel whose calls name that host in <c>:authority</c>.</summary>
    public T WithHost(string host) => NewInstance(new ClientBaseConfiguration(CallInvoker, host));

    /// <summary>Generated: makes a client of the generated type.</summary>
    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}

/// <summary>The part of <see cref="ClientBase{T}"/> that does not depend on the client's type.</summary>
public abstract class ClientBase
{
    private readonly CallInvoker? _callInvoker;

    /// <summary>For test doubles, which override the calls themselves.</summary>
    protected ClientBase()
    {
    }

    /// <summary>Makes a client of that channel.</summary>
    protected ClientBase(ChannelBase channel)
        : this((channel ?? throw new ArgumentNullException(nameof(channel))).CreateCallInvoker())
    {
    }

    /// <summary>Makes a client that calls through that invoker.</summary>
    protected ClientBase(CallInvoker callInvoker)
    {
        ArgumentNullException.ThrowIfNull(callInvoker);
        _callInvoker = callInvoker;
    }

    /// <summary>Makes a client with that configuration.</summary>
    protected ClientBase(ClientBaseConfiguration configuration)
        : this((configuration ?? throw new ArgumentNullException(nameof(configuration))).CreateCallInvoker())
    {
    }

    /// <summary>What the client calls through.</summary>
    protected CallInvoker CallInvoker =>
        _callInvoker ?? throw new InvalidOperationException("A client made without a channel cannot call.");

    /// <summary>What <see cref="ClientBase{T}.WithHost"/> hands from one client to the next.</summary>
    protected internal class ClientBaseConfiguration
    {
        private readonly CallInvoker _callInvoker;
        private readonly string _host;

        internal ClientBaseConfiguration(CallInvoker callInvoker, string host)
        {
            _callInvoker = callInvoker;
            _host = host;
        }

        internal CallInvoker CreateCallInvoker() => new HostCallInvoker(_callInvoker, _host);
    }
}
