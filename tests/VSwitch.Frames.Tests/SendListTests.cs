namespace VSwitch.Frames.Tests;

public class SendListTests
{
    [Fact]
    public void EntriesKeepTheirOrderAndTheirTag()
    {
        SendList list = new();
        list.Add(3, tci: 0xFFFF);
        list.Add(63, SendEntry.Untagged);
        Assert.Equal([(3, 0xFFFF, true), (63, SendEntry.Untagged, false)], Told(list));
        list.Clear();
        Assert.Empty(Told(list));
    }

    [Theory]
    [InlineData(0b0000UL, new int[0])]
    [InlineData(0b1010UL, new[] { 11, 13 })]
    [InlineData(ulong.MaxValue, new[] { 10, 11, 12, 13 })]
    public void KeepKeepsTheEntriesOfTheMask(ulong keep, int[] kept)
    {
        SendList list = new();
        for (int i = 10; i < 14; i++)
            list.Add(i, tci: i);
        list.Keep(keep);
        Assert.Equal(kept, Told(list).Select(entry => entry.FrameIndex));
    }

    [Fact]
    public void AListHoldsAWholeBatch()
    {
        SendList list = new();
        for (int i = 0; i < FrameBatch.Capacity; i++)
            list.Add(i, i);
        list.Keep(1UL << 63);
        Assert.Equal([(63, 63, true)], Told(list));
    }

    private static List<(int FrameIndex, int Tci, bool IsTagged)> Told(SendList list)
    {
        List<(int, int, bool)> told = [];
        foreach (SendEntry entry in list.Entries)
            told.Add((entry.FrameIndex, entry.Tci, entry.IsTagged));
        return told;
    }
}
