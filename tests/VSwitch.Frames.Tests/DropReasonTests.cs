namespace VSwitch.Frames.Tests;

public class DropReasonTests
{
    [Fact]
    public void EveryReasonHasItsNameAndASentence()
    {
        for (DropReason reason = DropReason.None; reason < DropReason.Count; reason++)
        {
            // The name is the enum's in the form of the command line: TaggedOnAccess is tagged-on-access.
            string hyphenated = string.Concat(reason.ToString().Select((letter, i) =>
                char.IsUpper(letter) && i > 0 ? "-" + char.ToLowerInvariant(letter) : char.ToLowerInvariant(letter).ToString()));
            Assert.Equal(hyphenated, DropReasons.Name(reason));
            Assert.EndsWith(".", DropReasons.Meaning(reason), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData(DropReason.PortBlocked, false)]
    [InlineData(DropReason.NoEgress, false)]
    [InlineData(DropReason.AclOut, true)]
    [InlineData(DropReason.SendFailed, true)]
    public void ReasonsKnowTheirSide(DropReason reason, bool isEgress) => Assert.Equal(isEgress, DropReasons.IsEgress(reason));
}
