namespace VSwitch.Wire;

/// <summary>The operation field of ARP (RFC 826) and RARP (RFC 903).</summary>
public enum ArpOperation : ushort
{
    Request = 1,
    Reply = 2,
    ReverseRequest = 3,
    ReverseReply = 4,
}
