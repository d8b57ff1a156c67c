using FsCheck;
using FsCheck.Fluent;

namespace VSwitch.Commands.Tests;

public class NumberSetTests
{
    [Theory]
    [InlineData("1-10,20", "1-10,20")]
    [InlineData("20,1-3,4,2-10", "1-10,20")]
    [InlineData("5-5", "5")]
    public void Is_written_in_order_with_ranges_joined(string text, string canonical)
    {
        Assert.True(NumberSet.TryParse(text, out var set));
        Assert.Equal(canonical, set.ToString());
    }

    [Fact]
    public void Behaves_as_a_set_of_numbers()
    {
        var numbers = Gen.Choose(1, 60).ArrayOf().ToArbitrary();
        Prop.ForAll(numbers, numbers, (left, right) =>
        {
            var a = NumberSet.Of(left);
            var b = NumberSet.Of(right);
            return a.SequenceEqual(left.Distinct().Order())
                   && a.Union(b).SequenceEqual(left.Union(right).Order())
                   && a.Except(b).SequenceEqual(left.Except(right).Order())
                   && a.Count == left.Distinct().Count()
                   && left.All(a.Contains) && !a.Contains(0)
                   && a.Equals(NumberSet.Of(left.Reverse())) && a.GetHashCode() == NumberSet.Of(left.Reverse()).GetHashCode()
                   && (a.IsEmpty || (NumberSet.TryParse(a.ToString(), out var again) && again.Equals(a)));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Reaches_to_the_greatest_number_without_overflow()
    {
        Assert.True(NumberSet.TryParse($"1-{int.MaxValue}", out var all));
        Assert.Equal($"1-9,{int.MaxValue}", all.Except(NumberSet.OfRanges((10, int.MaxValue - 1))).ToString());
        Assert.Equal("1-9", all.Except(NumberSet.OfRanges((10, int.MaxValue))).ToString());
        Assert.Equal(all, all.Union(NumberSet.Of(int.MaxValue)));
    }
}
