using VSwitch.Commands;

namespace VSwitch.Vsm;

/// <summary>The identity of a VEM, a UUID; the value is a <see cref="string"/> in lower case with dashes.</summary>
internal sealed class HostIdType() : ParameterType("host-id", "UUID", "Identity of the VEM", "80c34566-7e89-b601-b4f9-001a64dc9054")
{
    public override Parsed Parse(string text) =>
        Guid.TryParseExact(text, "D", out Guid id) ? Parsed.As(id.ToString("D")) : Parsed.Wrong("Invalid UUID");
}
