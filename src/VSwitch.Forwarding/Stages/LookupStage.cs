using VSwitch.Frames;

namespace VSwitch.Forwarding;

/// <summary>
/// Lookup and flood: gives every frame its way out. A known unicast address leaves by one port; group addresses and
/// unknown ones by every port of the VLAN but the one they came from.
/// </summary>
internal sealed class LookupStage : IStage
{
    private const ulong GroupBit = 1UL << 40;
    private const ulong ReservedGroup = 0x0180_C200_0000;
    private const ulong ReservedGroupMask = ~0xFUL;

    public Step Step => Step.Lookup;

    public void Process(Pass pass)
    {
        FrameBatch batch = pass.Batch;
        for (ulong rest = batch.Alive; rest != 0; rest &= rest - 1)
        {
            int index = FrameBatch.First(rest);
            ref Frame frame = ref batch[index];
            ulong destination = frame.Headers.DestinationMac;
            if ((destination & GroupBit) == 0)
            {
                int port = pass.MacTable.Lookup(frame.Vlan, destination);
                if (port >= 0 && pass.Snapshot.Port(port) is { } egress)
                    Forward(pass, index, in frame, egress);
                else
                    Flood(pass, index, in frame);
            }
            else if ((destination & ReservedGroupMask) != ReservedGroup)
                Flood(pass, index, in frame);
            else
                batch.Drop(index, DropReason.ReservedAddress);
        }
    }

    private static void Forward(Pass pass, int index, ref readonly Frame frame, PortSnapshot egress)
    {
        if (egress.Port == pass.Ingress.Port)
            pass.Batch.Drop(index, DropReason.Hairpin);
        else if (egress.Port.IsUplink && pass.Ingress.Port.IsUplink)
            pass.Batch.Drop(index, DropReason.UplinkToUplink);
        else if (egress.Policy.Carries(frame.Vlan))
            pass.AddCopy(index, in frame, egress);
        else
            pass.DropCopy(egress, DropReason.EgressBlocked);
    }

    private static void Flood(Pass pass, int index, ref readonly Frame frame)
    {
        int copies = 0;
        foreach (PortSnapshot egress in pass.Snapshot.FloodPorts(frame.Vlan, pass.Ingress.Port.IsUplink))
        {
            if (egress.Port == pass.Ingress.Port)
                continue;
            pass.AddFloodCopy(index, in frame, egress);
            copies++;
        }
        if (copies == 0)
            pass.Batch.Drop(index, DropReason.NoEgress);
    }
}
