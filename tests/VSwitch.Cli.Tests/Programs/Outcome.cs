namespace VSwitch.Cli.Tests.Programs;

/// <summary>What a program left behind.</summary>
internal sealed record Outcome(int Code, string Out, string Error);
