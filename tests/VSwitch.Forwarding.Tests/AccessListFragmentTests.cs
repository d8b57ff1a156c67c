using System.Buffers.Binary;
using VSwitch.Policy;
using VSwitch.Wire;
using static VSwitch.Forwarding.Tests.TestFrames;

namespace VSwitch.Forwarding.Tests;

/// <summary>
/// What access lists say about datagrams whose ports are not where they usually are, or not there: fragments, IP options,
/// headers that are cut short or cannot be true. The answers are worked out by hand.
/// </summary>
public sealed class AccessListFragmentTests : IDisposable
{
    private const string A = "02:00:00:00:00:0a";
    private const string B = "02:00:00:00:00:0b";
    private const int IpOffset = 14;
    private const int L4Offset = IpOffset + 20;
    private const int MoreFragments = 0x2000;
    private const ushort Dns = 53;

    private const int PermitWww = 0;
    private const int DenyDns = 1;
    private const int PermitUdp = 2;
    private const int ImplicitDeny = 3;

    private readonly Bench _bench = new();
    private readonly int _a;
    private readonly int _b;

    public AccessListFragmentTests()
    {
        _bench.SetAccessList(new AccessListConfig
        {
            Name = "500",
            Entries =
            [
                new AccessEntry
                {
                    Sequence = 10,
                    Action = AccessAction.Permit,
                    Protocol = IpProtocol.Tcp,
                    Destination = Ipv4Prefix.Parse("host 10.0.0.2"),
                    DestinationPort = Equal(80),
                },
                new AccessEntry { Sequence = 20, Action = AccessAction.Deny, Protocol = IpProtocol.Udp, DestinationPort = Equal(Dns) },
                new AccessEntry { Sequence = 30, Action = AccessAction.Permit, Protocol = IpProtocol.Udp },
            ],
        });
        _a = _bench.AddVeth(Bench.Access(1) with { AccessGroupIn = "500" });
        _b = _bench.AddVeth(Bench.Access(1));
        _bench.Run(_a); // A pass without frames publishes the list.
    }

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_later_fragment_matches_a_permit_by_addresses_and_protocol()
    {
        Decides(PermitWww, Fragment(Tcp("10.0.0.2", 81), 370));
        Decides(ImplicitDeny, Fragment(Tcp("10.0.0.3", 80), 370));
    }

    [Fact]
    public void A_later_fragment_passes_by_a_deny_that_asks_for_a_port()
    {
        Decides(PermitUdp, Fragment(Udp(Dns), 370));
        Decides(PermitUdp, Fragment(Udp(Dns), MoreFragments | 370));
    }

    [Fact]
    public void A_first_fragment_has_its_ports()
    {
        Decides(DenyDns, Fragment(Udp(Dns), MoreFragments));
        Decides(PermitWww, Fragment(Tcp("10.0.0.2", 80), MoreFragments));
        Decides(ImplicitDeny, Fragment(Tcp("10.0.0.2", 81), MoreFragments));
    }

    [Theory]
    [InlineData(4)]
    [InlineData(40)]
    public void Ports_are_found_behind_options(int optionBytes)
    {
        Decides(PermitWww, WithOptions(Tcp("10.0.0.2", 80), optionBytes));
        Decides(ImplicitDeny, WithOptions(Tcp("10.0.0.2", 81), optionBytes));
        Decides(DenyDns, WithOptions(Udp(Dns), optionBytes));
    }

    [Fact]
    public void A_header_that_is_cut_short_has_no_ports_and_is_no_fragment()
    {
        Decides(ImplicitDeny, WithTotalBytes(Tcp("10.0.0.2", 80), 20 + 19));
        Decides(PermitUdp, WithTotalBytes(Udp(Dns), 20 + 7));
    }

    [Theory]
    [InlineData(0, 0x55)] // version 5
    [InlineData(0, 0x44)] // a header of 16 bytes
    [InlineData(2, 0xFF)] // longer than the frame
    public void A_malformed_header_gets_the_implicit_deny(int offset, byte value)
    {
        byte[] frame = Udp(1000);
        frame[IpOffset + offset] = value;
        Decides(ImplicitDeny, frame);
    }

    /// <summary>Sends a frame twice, so that the second comes upon the first one's answer.</summary>
    private void Decides(int entry, byte[] frame)
    {
        int[] ports = entry is PermitWww or PermitUdp ? [_b] : [];
        for (int i = 0; i < 2; i++)
        {
            ulong before = _bench.Matches("500", entry);
            Assert.Equal(ports, _bench.Send(_a, frame));
            Assert.Equal(before + 1, _bench.Matches("500", entry));
        }
    }

    private static byte[] Tcp(string destination, ushort port) => Ipv4(B, A, "10.0.0.1", destination, IpProtocol.Tcp, 1000, port);

    private static byte[] Udp(ushort port) => Ipv4(B, A, "10.0.0.1", "10.0.0.2", IpProtocol.Udp, 1000, port);

    private static byte[] Fragment(byte[] frame, int flagsAndOffset)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(IpOffset + 6), (ushort)flagsAndOffset);
        return frame;
    }

    private static byte[] WithTotalBytes(byte[] frame, int totalBytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(IpOffset + 2), (ushort)totalBytes);
        return frame;
    }

    /// <summary>Puts no-operation options (RFC 791 section 3.1) behind the IP header.</summary>
    private static byte[] WithOptions(byte[] frame, int optionBytes)
    {
        byte[] longer = [.. frame.AsSpan(0, L4Offset), .. Enumerable.Repeat((byte)1, optionBytes), .. frame.AsSpan(L4Offset)];
        longer[IpOffset] = (byte)(0x45 + optionBytes / 4);
        return WithTotalBytes(longer, 40 + optionBytes);
    }

    private static PortMatch Equal(ushort port) => new(PortOperator.Equal, port, port);
}
