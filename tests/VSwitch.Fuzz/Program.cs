using System.Diagnostics;
using VSwitch.Fuzz;

string? targetName = args.Length > 0 && !args[0].StartsWith("--") ? args[0] : null;
int seconds = int.Parse(Option("--seconds") ?? "10");
int seed = int.Parse(Option("--seed") ?? $"{Random.Shared.Next()}");
byte[]? input = Option("--input") is { } hex ? Convert.FromHexString(hex) : null;

List<IFuzzTarget> targets = [.. FuzzTargets.All.Where(target => targetName is null || target.Name == targetName)];
if (targets.Count == 0)
{
    string names = string.Join(", ", FuzzTargets.All.Select(target => target.Name));
    Console.Error.WriteLine($"No target '{targetName}'. Targets: {names}");
    return 2;
}

bool failed = false;
foreach (IFuzzTarget target in targets)
{
    long count = input is null ? 0 : 1;
    var clock = Stopwatch.StartNew();
    FuzzFailure? failure = input is null
        ? Fuzzer.Run(target, seed, iteration => (count = iteration) >= 0 && clock.Elapsed.TotalSeconds < seconds)
        : Fuzzer.RunOne(target, seed, iteration: 0, input);

    failed |= failure is not null;
    Console.WriteLine(failure is null ? $"{target.Name}: {count} inputs, seed {seed}, no failure" : $"{failure}");
}

return failed ? 1 : 0;

string? Option(string name)
{
    int index = Array.IndexOf(args, name);
    return index >= 0 && index + 1 < args.Length ? args[index + 1] : null;
}
