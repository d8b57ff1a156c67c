using Grpc.Core;
using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Tests.Wire;

public sealed class MetadataTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("AA", "00")]
    [InlineData("AA==", "00")]
    [InlineData("AAE", "0001")]
    [InlineData("AAE=", "0001")]
    [InlineData("AAEC", "000102")]
    [InlineData("AAECAw", "00010203")]
    public void BytesComeWithOrWithoutPadding(string header, string hex)
    {
        var metadata = new Metadata();
        MetadataHeader.AddTo(metadata, "key-bin", header);
        Assert.Equal(hex, Convert.ToHexString(Assert.Single(metadata).ValueBytes));
    }

    [Fact]
    public void BytesGoWithoutPadding() => Assert.Equal("AA", MetadataHeader.Format(new Metadata.Entry("key-bin", [0])));

    [Fact]
    public void JoinedBytesAreTakenApart()
    {
        var metadata = new Metadata();
        MetadataHeader.AddTo(metadata, "key-bin", "AA==,AQ, Ag");
        Assert.Equal([0, 1, 2], metadata.GetAll("key-bin").SelectMany(entry => entry.ValueBytes));
    }

    [Theory]
    [InlineData("key-bin", "A")]
    [InlineData("key-bin", "AA=A")]
    [InlineData("key-bin", "A*==")]
    [InlineData("key-bin", "AAEC====")]
    [InlineData("key", "ü")]
    [InlineData("a key", "value")]
    public void MalformedHeaderIsAFormatError(string name, string value) =>
        Assert.Throws<FormatException>(() => MetadataHeader.AddTo([], name, value));

    [Fact]
    public void KeysAreLowerCaseAndTheLastEntryWins()
    {
        var metadata = new Metadata { { "Key", "one" }, { "KEY", "two" }, { "Other.key_1-x", "three" } };
        Assert.Equal("two", metadata.GetValue("kEy"));
        Assert.Equal(["one", "two"], metadata.GetAll("key").Select(entry => entry.Value));
        Assert.Equal(["key", "key", "other.key_1-x"], metadata.Select(entry => entry.Key));
        Assert.Null(metadata.Get("none"));
        Assert.Null(metadata.GetValueBytes("none-bin"));
    }

    [Fact]
    public void EntriesThatCannotTravelAreRefused()
    {
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("", "value"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("a:b", "value"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", "line\r\nbreak"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", "ü"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key-bin", "text"));
        Assert.Throws<ArgumentException>(() => new Metadata.Entry("key", [1]));
        Assert.Throws<InvalidOperationException>(() => new Metadata.Entry("key-bin", [1]).Value);
        Assert.Throws<InvalidOperationException>(() => Metadata.Empty.Add("key", "value"));
    }

    [Fact]
    public void BytesAreCopiedInAndOut()
    {
        byte[] bytes = [1];
        var entry = new Metadata.Entry("key-bin", bytes);
        bytes[0] = 2;
        entry.ValueBytes[0] = 3;
        Assert.Equal([1], entry.ValueBytes);
    }
}
