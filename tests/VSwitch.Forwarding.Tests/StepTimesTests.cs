using static VSwitch.Forwarding.Tests.TestFrames;

namespace VSwitch.Forwarding.Tests;

public sealed class StepTimesTests
{
    [Fact]
    public void One_batch_in_64_is_timed_in_each_step_that_it_takes()
    {
        using var bench = new Bench();
        int from = bench.AddVeth(Bench.Access(10));
        int to = bench.AddVeth(Bench.Access(10));
        byte[] frame = Ethernet(Broadcast, "02:00:00:00:00:01");

        for (int batch = 0; batch < 640; batch++)
        {
            Assert.True(bench.Memory(from).Inject(frame));
            Assert.True(bench.Memory(from).Inject(frame));
            bench.Run(from);
            bench.Memory(to).TakeSent();
        }

        StepTimes times = bench.StepTimes;
        Step[] taken = [Step.Receive, Step.Parse, Step.Vlan, Step.Learn, Step.Lookup, Step.Send, Step.Release];
        Assert.Equal(taken, Enum.GetValues<Step>().Where(step => step < Step.Count && times.Batches(step) > 0));
        Assert.All(taken, step => Assert.Equal((9, 18), (times.Batches(step), times.Frames(step))));
        Assert.All(taken, step => Assert.True(times.Nanoseconds(step) > 0, $"{Steps.Name(step)} took no time"));
    }
}
