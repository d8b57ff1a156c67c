using VSwitch.Linux.Headers;

namespace VSwitch.Linux;

/// <summary>
/// Bounds how long a processor of this machine may take to wake up from its idle state (PM QoS,
/// Documentation/power/pm_qos_interface.rst), until it is disposed of or the process ends. The lowest bound of all processes counts.
/// </summary>
public sealed unsafe class WakeLatency : IDisposable
{
    private const string Device = "/dev/cpu_dma_latency";

    private readonly Descriptor _descriptor;

    /// <param name="microseconds">0 is that an idle processor polls and does not halt.</param>
    /// <exception cref="LinuxException">There is no such device in this kernel or container, or it is not ours.</exception>
    public WakeLatency(int microseconds)
    {
        _descriptor = Descriptor.Open(Device, fcntl_h.O_RDWR);
        LinuxException.Check(unistd_h.write(_descriptor.Number, &microseconds, sizeof(int)), $"write {microseconds} to {Device}");
    }

    public void Dispose() => _descriptor.Dispose();
}
