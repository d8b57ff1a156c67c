using System.Runtime.InteropServices;
using VSwitch.Frames;
using VSwitch.Linux;
using VSwitch.Ports;

namespace VSwitch.Offloads.Tests;

/// <summary>
/// A virtual machine on a TAP whose user side its monitor holds, as QEMU does; a packet port is attached to the kernel's side.
/// The monitor tells the kernel what its guest takes, and the kernel does the rest.
/// </summary>
internal sealed unsafe class MachineEnd : FarEnd
{
    private const TunOffloads WithOffloads = TunOffloads.Checksum | TunOffloads.TsoV4 | TunOffloads.TsoV6 | TunOffloads.TsoEcn;

    private readonly Tun _tun;
    private readonly byte[] _buffer = new byte[Offload.HeaderSize + (1 << 16) + 64];

    private MachineEnd(PacketPort port, Tun tun, bool hasOffloads) : base(port, hasOffloads) => _tun = tun;

    public static MachineEnd Open(TestNamespace inside, string netdev, bool hasOffloads)
    {
        Tun tun = NetworkNamespace.Run(inside.Name, () => Tun.Open(netdev, multiQueue: false));
        if (hasOffloads)
            tun.SetOffloads(Passage.IsUsoKnown ? WithOffloads | TunOffloads.Uso : WithOffloads);
        PacketPort port = PacketPort.Open(new PacketOptions { Name = netdev, Namespace = inside.Name });
        return new MachineEnd(port, tun, hasOffloads);
    }

    public override void Send(Delivery delivery)
    {
        byte[] message = new byte[Offload.HeaderSize + delivery.Frame.Length];
        MemoryMarshal.Write(message, delivery.Offload);
        delivery.Frame.CopyTo(message, Offload.HeaderSize);
        fixed (byte* data = message)
            Assert.Equal(message.Length, FrameIo.Write(_tun.Descriptor.Number, data, message.Length));
    }

    public override IEnumerable<Delivery> Take()
    {
        for (int bytes; (bytes = Read()) > 0;)
            yield return new Delivery(_buffer[Offload.HeaderSize..bytes], MemoryMarshal.Read<Offload>(_buffer));
    }

    public override void Dispose() => _tun.Dispose();

    private int Read()
    {
        fixed (byte* data = _buffer)
            return FrameIo.Read(_tun.Descriptor.Number, data, _buffer.Length);
    }
}
