using System.Reflection;

namespace VSwitch.Frames.Tests;

public class PortCountersTests
{
    /// <summary>A counter that is added to the class and forgotten in the sum shows here.</summary>
    [Fact]
    public void AddAddsEveryCounter()
    {
        FieldInfo[] fields = typeof(PortCounters).GetFields(BindingFlags.Public | BindingFlags.Instance);
        Assert.NotEmpty(fields);
        PortCounters one = Filled(fields, factor: 1), other = Filled(fields, factor: 1000);
        one.Add(other);
        for (int i = 0; i < fields.Length; i++)
            Assert.Equal((ulong)(i + 1) * 1001, fields[i].GetValue(one));
        for (int reason = 0; reason < DropReasons.Count; reason++)
            Assert.Equal((ulong)(reason + 50) * 1001, one.Drops((DropReason)reason));
    }

    private static PortCounters Filled(FieldInfo[] fields, int factor)
    {
        PortCounters counters = new();
        for (int i = 0; i < fields.Length; i++)
            fields[i].SetValue(counters, (ulong)((i + 1) * factor));
        for (int reason = 0; reason < DropReasons.Count; reason++)
            counters.Drops((DropReason)reason) = (ulong)((reason + 50) * factor);
        return counters;
    }
}
