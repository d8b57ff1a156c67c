namespace VSwitch.Policy;

/// <summary>Names that stand for numbers in access lists, as NX-OS spells them; both directions.</summary>
public sealed class NumberNames
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<int, string> _names = [];

    private NumberNames(params ReadOnlySpan<(string Name, int Number)> pairs)
    {
        foreach ((string name, int number) in pairs)
        {
            _numbers.Add(name, number);
            _names.TryAdd(number, name);
        }
    }

    public IEnumerable<string> Names => _numbers.Keys;

    public bool TryGetNumber(string name, out int number) => _numbers.TryGetValue(name, out number);

    /// <summary>The name, or the number in digits if it has none.</summary>
    public string Text(int number) => _names.TryGetValue(number, out string? name) ? name : $"{number}";

    /// <summary>IANA protocol numbers.</summary>
    public static readonly NumberNames Protocols = new(
        ("ahp", 51), ("eigrp", 88), ("esp", 50), ("gre", 47), ("icmp", 1), ("igmp", 2), ("nos", 94), ("ospf", 89), ("pcp", 108),
        ("pim", 103), ("tcp", 6), ("udp", 17));

    public static readonly NumberNames TcpPorts = new(
        ("bgp", 179), ("chargen", 19), ("cmd", 514), ("daytime", 13), ("discard", 9), ("domain", 53), ("drip", 3949), ("echo", 7),
        ("exec", 512), ("finger", 79), ("ftp", 21), ("ftp-data", 20), ("gopher", 70), ("hostname", 101), ("ident", 113),
        ("irc", 194), ("klogin", 543), ("kshell", 544), ("login", 513), ("lpd", 515), ("nntp", 119), ("pim-auto-rp", 496),
        ("pop2", 109), ("pop3", 110), ("smtp", 25), ("sunrpc", 111), ("tacacs", 49), ("talk", 517), ("telnet", 23), ("time", 37),
        ("uucp", 540), ("whois", 43), ("www", 80));

    public static readonly NumberNames UdpPorts = new(
        ("biff", 512), ("bootpc", 68), ("bootps", 67), ("discard", 9), ("dnsix", 195), ("domain", 53), ("echo", 7), ("isakmp", 500),
        ("mobile-ip", 434), ("nameserver", 42), ("netbios-dgm", 138), ("netbios-ns", 137), ("netbios-ss", 139),
        ("non500-isakmp", 4500), ("ntp", 123), ("pim-auto-rp", 496), ("rip", 520), ("snmp", 161), ("snmptrap", 162),
        ("sunrpc", 111), ("syslog", 514), ("tacacs", 49), ("talk", 517), ("tftp", 69), ("time", 37), ("who", 513), ("xdmcp", 177));

    /// <summary>ICMP types (RFC 792, 950, 1256, 1393).</summary>
    public static readonly NumberNames IcmpTypes = new(
        ("echo-reply", 0), ("unreachable", 3), ("source-quench", 4), ("redirect", 5), ("echo", 8), ("router-advertisement", 9),
        ("router-solicitation", 10), ("time-exceeded", 11), ("parameter-problem", 12), ("timestamp-request", 13),
        ("timestamp-reply", 14), ("information-request", 15), ("information-reply", 16), ("mask-request", 17), ("mask-reply", 18),
        ("traceroute", 30));

    /// <summary>Differentiated services code points (RFC 2474, 2597, 3246).</summary>
    public static readonly NumberNames Dscps = new(
        ("default", 0), ("cs1", 8), ("af11", 10), ("af12", 12), ("af13", 14), ("cs2", 16), ("af21", 18), ("af22", 20), ("af23", 22),
        ("cs3", 24), ("af31", 26), ("af32", 28), ("af33", 30), ("cs4", 32), ("af41", 34), ("af42", 36), ("af43", 38), ("cs5", 40),
        ("ef", 46), ("cs6", 48), ("cs7", 56));
}
