namespace VSwitch.Integration.Tests;

/// <summary>A test in a laboratory: when it fails, what the daemons of the laboratory wrote is printed with it.</summary>
public abstract class LabTest : IDisposable
{
    private readonly bool _isOwner;

    /// <param name="lab">Where it takes place.</param>
    /// <param name="isOwner">Whether the laboratory is this test's alone and goes with it; otherwise a class fixture keeps it.</param>
    protected LabTest(Laboratory lab, bool isOwner = true)
    {
        Lab = lab;
        _isOwner = isOwner;
    }

    protected Laboratory Lab { get; }

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        if (TestContext.Current.TestState?.Result == TestResult.Failed)
            TestContext.Current.TestOutputHelper?.WriteLine(Lab.Logs);
        if (_isOwner)
            Lab.Dispose();
        GC.SuppressFinalize(this);
    }
}
