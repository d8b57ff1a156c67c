namespace VSwitch.Fuzz;

/// <summary>The input on which a target failed, and how to make it again.</summary>
public sealed record FuzzFailure(string Target, int Seed, long Iteration, byte[] Input, Exception Exception)
{
    public override string ToString() =>
        $"{Target} failed: seed {Seed}, iteration {Iteration}\ninput {Convert.ToHexStringLower(Input)}\n{Exception}";
}

/// <summary>Feeds a target one mutated input after another.</summary>
public static class Fuzzer
{
    /// <summary>
    /// Runs until a failure, which it returns, or until <paramref name="goOn"/>, given the count so far, says no.
    /// </summary>
    public static FuzzFailure? Run(IFuzzTarget target, int seed, Func<long, bool> goOn)
    {
        var mutator = new Mutator(target.Seeds, seed);
        for (long iteration = 0; goOn(iteration); iteration++)
        {
            FuzzFailure? failure = RunOne(target, seed, iteration, mutator.Next());
            if (failure is not null)
                return failure;
        }

        return null;
    }

    public static FuzzFailure? RunOne(IFuzzTarget target, int seed, long iteration, byte[] input)
    {
        try
        {
            target.Run(input);
            return null;
        }
        catch (Exception exception)
        {
            return new FuzzFailure(target.Name, seed, iteration, input, exception);
        }
    }
}
