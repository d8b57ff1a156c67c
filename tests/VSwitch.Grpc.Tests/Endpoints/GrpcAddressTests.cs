namespace VSwitch.Grpc.Tests.Endpoints;

public sealed class GrpcAddressTests
{
    [Theory]
    [InlineData("localhost:50051", "localhost", 50051, null)]
    [InlineData("10.1.2.3:0", "10.1.2.3", 0, null)]
    [InlineData("*:1", "*", 1, null)]
    [InlineData("[::1]:65535", "::1", 65535, null)]
    [InlineData("vsm.example.net:7000", "vsm.example.net", 7000, null)]
    [InlineData("unix:/run/vswitch/vem.sock", "localhost", 0, "/run/vswitch/vem.sock")]
    [InlineData("unix:vem.sock", "localhost", 0, "vem.sock")]
    public void AddressIsReadAndWritten(string text, string host, int port, string? path)
    {
        GrpcAddress address = GrpcAddress.Parse(text);
        Assert.Equal((host, port, path), (address.Host, address.Port, address.SocketPath));
        Assert.Equal(text, address.ToString());
        Assert.Equal(address, GrpcAddress.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("unix:")]
    [InlineData("localhost")]
    [InlineData("localhost:")]
    [InlineData(":50051")]
    [InlineData("localhost:65536")]
    [InlineData("localhost:-1")]
    [InlineData("localhost:+1")]
    [InlineData("::1:50051")]
    [InlineData("[::1]")]
    [InlineData("[localhost]:1")]
    [InlineData("[]:1")]
    [InlineData("http://localhost:1")]
    [InlineData("host :1")]
    [InlineData("unix:/a234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789")]
    public void OtherTextIsRefused(string text)
    {
        Assert.False(GrpcAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => GrpcAddress.Parse(text));
    }
}
