namespace VSwitch.Wire.Tests.Vlan;

public class VlanSetTests
{
    [Theory]
    [InlineData("1-3,10,20-30", "1-3,10,20-30")]
    [InlineData("10", "10")]
    [InlineData("1-4094", "1-4094")]
    [InlineData("all", "1-4094")]
    [InlineData("none", "none")]
    [InlineData("5,4", "4-5")]
    [InlineData("30,20-25,10,22-29", "10,20-30")]
    [InlineData("63-64,127-128,4094", "63-64,127-128,4094")]
    [InlineData("7,7,7-7", "7")]
    public void PrintsTheShortestForm(string text, string printed)
    {
        VlanSet vlans = VlanSet.Parse(text);
        Assert.Equal(printed, vlans.ToString());
        Assert.Equal(vlans, VlanSet.Parse(printed));
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("4095")]
    [InlineData("1-4095")]
    [InlineData("0-5")]
    [InlineData("10-5")]
    [InlineData("1,")]
    [InlineData(",1")]
    [InlineData("1--2")]
    [InlineData("1-")]
    [InlineData("-1")]
    [InlineData("1-2-3")]
    [InlineData("1, 2")]
    [InlineData("+1")]
    [InlineData("00001")]
    [InlineData("99999999999")]
    [InlineData("1,all")]
    [InlineData("web")]
    public void OtherTextIsRefused(string text)
    {
        Assert.False(VlanSet.TryParse(text, out _));
        Assert.Throws<FormatException>(() => VlanSet.Parse(text));
    }

    [Fact]
    public void ContainsNothingOutsideTheValidIds()
    {
        Assert.True(VlanSet.All.Contains(1));
        Assert.True(VlanSet.All.Contains(4094));
        foreach (int vlan in new[] { -1, 0, 4095, 4096, 4097, 65535, int.MinValue, int.MaxValue })
            Assert.False(VlanSet.All.Contains(vlan));
    }

    [Fact]
    public void CountsMembers()
    {
        Assert.Equal(4094, VlanSet.All.Count);
        Assert.Equal(0, VlanSet.Empty.Count);
        Assert.True(VlanSet.Empty.IsEmpty);
        Assert.Equal(15, VlanSet.Parse("1-3,10,20-30").Count);
    }

    /// <summary>`switchport trunk allowed vlan add|remove|except`.</summary>
    [Fact]
    public void ChangesAsTheCommandsSay()
    {
        VlanSet vlans = VlanSet.Parse("10-20");
        Assert.Equal("10-20,30", vlans.Add(VlanSet.Of(30)).ToString());
        Assert.Equal("10-14,16-20", vlans.Remove(VlanSet.Of(15)).ToString());
        Assert.Equal("15-20", vlans.Intersect(VlanSet.Parse("15-25")).ToString());
        Assert.Equal("1-9,21-4094", VlanSet.AllExcept(vlans).ToString());
        Assert.Equal("10-20", vlans.ToString());
    }

    [Fact]
    public void RangesOutsideTheValidIdsThrow()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => VlanSet.Of(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => VlanSet.Of(4095));
        Assert.Throws<ArgumentOutOfRangeException>(() => VlanSet.FromRanges(new VlanRange(5, 4)));
    }

    [Fact]
    public void ComparesByMembers()
    {
        Assert.Equal(VlanSet.Parse("1-3"), VlanSet.Parse("3,2,1"));
        Assert.Equal(VlanSet.Parse("1-3").GetHashCode(), VlanSet.Parse("3,2,1").GetHashCode());
        Assert.NotEqual(VlanSet.Parse("1-3"), VlanSet.Parse("1-4"));
        Assert.True(VlanSet.Parse("2").IsSubsetOf(VlanSet.Parse("1-3")));
        Assert.False(VlanSet.Parse("2,9").IsSubsetOf(VlanSet.Parse("1-3")));
    }

    /// <summary>
    /// Random sets against a plain set of numbers: the same members, the same algebra, and text that reads back.
    /// </summary>
    [Fact]
    public void AgreesWithASetOfNumbers()
    {
        var random = new Random(20240607);
        for (int round = 0; round < 200; round++)
        {
            (VlanSet a, HashSet<int> aNumbers) = RandomSet(random);
            (VlanSet b, HashSet<int> bNumbers) = RandomSet(random);
            AssertSame(aNumbers.Union(bNumbers), a.Add(b));
            AssertSame(aNumbers.Except(bNumbers), a.Remove(b));
            AssertSame(aNumbers.Intersect(bNumbers), a.Intersect(b));
            Assert.Equal(aNumbers.IsSubsetOf(bNumbers), a.IsSubsetOf(b));
            Assert.Equal(a, VlanSet.Parse(a.ToString()));
        }
    }

    private static (VlanSet Set, HashSet<int> Numbers) RandomSet(Random random)
    {
        var ranges = new VlanRange[random.Next(0, 40)];
        var numbers = new HashSet<int>();
        for (int i = 0; i < ranges.Length; i++)
        {
            int first = random.Next(1, 4095);
            int last = Math.Min(4094, first + random.Next(0, 80));
            ranges[i] = new VlanRange(first, last);
            numbers.UnionWith(Enumerable.Range(first, last - first + 1));
        }

        return (VlanSet.FromRanges(ranges), numbers);
    }

    private static void AssertSame(IEnumerable<int> numbers, VlanSet vlans)
    {
        Assert.Equal(numbers.Order(), Enumerable.Range(-2, 4200).Where(vlans.Contains));
        Assert.Equal(numbers.Count(), vlans.Count);
    }
}
