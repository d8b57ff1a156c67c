using VSwitch.Ports;

namespace VSwitch.Offloads.Tests;

/// <summary>What is at the other end of a port: somebody who sends and receives as the port's users do.</summary>
internal abstract class FarEnd(IPort port, bool hasOffloads) : IDisposable
{
    public IPort Port { get; } = port;

    /// <summary>Whether it leaves checksums and segmentation to others, and takes frames of others who do.</summary>
    public bool HasOffloads { get; } = hasOffloads;

    /// <summary>Connects to the port, which has started.</summary>
    public virtual void Connect()
    {
    }

    public abstract void Send(Delivery delivery);

    /// <summary>What has come until now, in order, each once.</summary>
    public abstract IEnumerable<Delivery> Take();

    /// <summary>Takes away this side; the switch closes the port.</summary>
    public abstract void Dispose();
}
