using System.Net;
using System.Text.Json;
using static System.Buffers.Binary.BinaryPrimitives;

namespace VSwitch.Wire.Tests.Scapy;

/// <summary>
/// The fields that scapy filled into one frame. Each is asked for by name and compared if it is there; a field that
/// nobody asked for fails the test, so that neither side can forget one.
/// </summary>
internal sealed class Expectation(JsonElement expected)
{
    private readonly HashSet<string> _compared = ["kind"];

    public string Kind => expected.GetProperty("kind").GetString()!;

    public bool Has(string name) => expected.TryGetProperty(name, out _);

    public void Compare(string name, long actual) => CompareAs(name, value => value.GetInt64(), actual);

    public void Compare(string name, bool actual) =>
        CompareAs(name, value => value.ValueKind == JsonValueKind.Number ? value.GetInt64() != 0 : value.GetBoolean(), actual);

    public void Compare(string name, MacAddress actual) => CompareAs(name, value => MacAddress.Parse(value.GetString()), actual);

    public void Compare(string name, Ipv4Address actual) =>
        CompareAs(name, value => Ipv4Address.Parse(value.GetString()), actual);

    public void CompareIpv6(string name, UInt128 actual) =>
        CompareAs(name, value => ReadUInt128BigEndian(IPAddress.Parse(value.GetString()!).GetAddressBytes()), actual);

    public void AssertAllCompared() =>
        Assert.Empty(expected.EnumerateObject().Select(property => property.Name).Except(_compared));

    private void CompareAs<T>(string name, Func<JsonElement, T> read, T actual)
    {
        _compared.Add(name);
        if (expected.TryGetProperty(name, out JsonElement value))
            Assert.Equal((name, read(value)), (name, actual));
    }
}
