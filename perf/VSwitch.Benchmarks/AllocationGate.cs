using System.Linq.Expressions;
using System.Reflection;
using BenchmarkDotNet.Parameters;
using BenchmarkDotNet.Running;

namespace VSwitch.Benchmarks;

/// <summary>
/// Runs every benchmark a few times, with all its parameters, and fails those that allocate. BenchmarkDotNet says what there
/// is to run and does not run it: it would take an hour, and spreads an allocation over so many operations that it may
/// round it away. Here one byte in one invocation counts.
/// </summary>
internal static class AllocationGate
{
    /// <summary>The first invocations compile, and fill caches and tables.</summary>
    private const int WarmUpCount = 4;

    private const int InvocationCount = 16;

    /// <summary>Names those that failed, and prints totals as test projects do.</summary>
    /// <returns>Whether none has.</returns>
    public static bool Run(Assembly assembly)
    {
        int total = 0, failed = 0;
        foreach (Type type in assembly.GetTypes().Where(type => type.Name.EndsWith("Benchmarks", StringComparison.Ordinal)))
        {
            // What is set up serves all methods that have the same parameters.
            var cases = BenchmarkConverter.TypeToBenchmarks(type).BenchmarksCases;
            foreach (var alike in cases.GroupBy(one => one.Parameters.DisplayInfo, StringComparer.Ordinal))
            {
                total += alike.Count();
                failed += CountFailed([.. alike]);
            }
        }
        Console.WriteLine($"Total: {total}, Errors: 0, Failed: {failed}, Skipped: 0");
        return failed == 0 && total > 0;
    }

    private static int CountFailed(BenchmarkCase[] cases)
    {
        int failed = 0;
        Descriptor descriptor = cases[0].Descriptor;
        object target = Activator.CreateInstance(descriptor.Type)!;
        foreach (ParameterInstance parameter in cases[0].Parameters.Items)
            descriptor.Type.GetProperty(parameter.Name)!.SetValue(target, parameter.Value);
        descriptor.GlobalSetupMethod?.Invoke(target, null);
        foreach (BenchmarkCase one in cases)
        {
            Action invoke = Expression.Lambda<Action>(Expression.Call(Expression.Constant(target), one.Descriptor.WorkloadMethod)).Compile();
            Repeat(invoke, WarmUpCount);

            long bytes = Allocations.Of(() => Repeat(invoke, InvocationCount));
            if (bytes == 0)
                continue;
            failed++;
            Console.WriteLine($"{one.Descriptor.DisplayInfo} {one.Parameters.DisplayInfo} allocates {bytes} bytes in {InvocationCount} invocations");
        }
        descriptor.GlobalCleanupMethod?.Invoke(target, null);
        return failed;
    }

    private static void Repeat(Action invoke, int count)
    {
        for (int i = 0; i < count; i++)
            invoke();
    }
}
