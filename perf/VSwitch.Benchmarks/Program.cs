using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using VSwitch.Benchmarks;

//   VSwitch.Benchmarks [OPTIONS]    as BenchmarkDotNet has them: --filter '*Ring*', --job short, --list flat
//   VSwitch.Benchmarks gate         only whether any of them allocates, in seconds
// Data-path benchmarks allocate nothing: that is a gate. Their times are charted, never gated.
if (args is ["gate"])
    return AllocationGate.Run(typeof(Program).Assembly) ? 0 : 1;

IEnumerable<Summary> summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
List<BenchmarkReport> reports = [.. summaries.SelectMany(summary => summary.Reports)];
List<string> failures =
[
    .. reports.Where(report => !report.Success).Select(report => report.BenchmarkCase.DisplayInfo + ": did not run"),
    .. reports.Where(report => report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) > 0)
        .Select(report => report.BenchmarkCase.DisplayInfo + ": allocates"),
];
foreach (string failure in failures)
    Console.Error.WriteLine(failure);
return failures.Count == 0 ? 0 : 1;
