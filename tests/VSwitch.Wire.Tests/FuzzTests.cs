using VSwitch.Fuzz;

namespace VSwitch.Wire.Tests;

/// <summary>
/// A short, repeatable run of every fuzz target; longer runs with other seeds are for the runner in VSwitch.Fuzz.
/// </summary>
public class FuzzTests
{
    private const int InputCount = 20_000;
    private const int Seed = 1;

    public static TheoryData<string> TargetNames => [.. FuzzTargets.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(TargetNames))]
    public void MutatedInputsDoNotFail(string name)
    {
        IFuzzTarget target = FuzzTargets.All.Single(candidate => candidate.Name == name);
        FuzzFailure? failure = Fuzzer.Run(target, Seed, iteration => iteration < InputCount);
        Assert.True(failure is null, failure?.ToString());
    }

    /// <summary>The fuzzer itself can fail: a parser that trusts a length is caught, and its input makes it fail again.</summary>
    [Fact]
    public void AParserThatTrustsALengthIsCaught()
    {
        var target = new TrustingTarget();
        FuzzFailure? failure = Fuzzer.Run(target, Seed, iteration => iteration < InputCount);
        Assert.NotNull(failure);
        Assert.IsType<ArgumentOutOfRangeException>(failure.Exception);
        Assert.NotNull(Fuzzer.RunOne(target, failure.Seed, failure.Iteration, failure.Input));

        FuzzFailure? again = Fuzzer.Run(target, Seed, iteration => iteration < InputCount);
        Assert.Equal(failure.Input, again?.Input);
    }

    private sealed class TrustingTarget : IFuzzTarget
    {
        public string Name => "trusting";

        public IReadOnlyList<byte[]> Seeds { get; } = [[2, 0xAA, 0xBB, 0xCC]];

        public void Run(ReadOnlySpan<byte> input)
        {
            if (input.Length > 1)
                _ = input.Slice(1, input[0]).Length;
        }
    }
}
