using VSwitch.Grpc.Wire;

namespace VSwitch.Grpc.Tests.Wire;

public sealed class PercentEncodingTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain text ~!", "plain text ~!")]
    [InlineData("100%", "100%25")]
    [InlineData("a\r\nb\t\u007f", "a%0D%0Ab%09%7F")]
    [InlineData("ü\u20ac\U0001F600", "%C3%BC%E2%82%AC%F0%9F%98%80")]
    public void MessagesSurviveTheHeader(string text, string encoded)
    {
        Assert.Equal(encoded, PercentEncoding.Encode(text));
        Assert.Equal(text, PercentEncoding.Decode(encoded));
    }

    [Theory]
    [InlineData("%", "%")]
    [InlineData("50%", "50%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%+1%-1% 1", "%+1%-1% 1")]
    [InlineData("%c3%bc", "ü")]
    [InlineData("%ff", "\ufffd")]
    [InlineData("%25%34%31", "%41")]
    public void DecodingNeverFails(string encoded, string text) => Assert.Equal(text, PercentEncoding.Decode(encoded));
}
