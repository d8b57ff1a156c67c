using Grpc.Core;

namespace VSwitch.Grpc.Tests;

/// <summary>
/// Deadlines of calls that must reach the server before they end. Where a short deadline is over first, which is no fault on a busy
/// machine, the call is made again with a longer one.
/// </summary>
internal static class Deadlines
{
    /// <param name="call">Makes a call that may take this long, and says whether it reached the server.</param>
    public static async Task TryAsync(Func<TimeSpan, Task<bool>> call)
    {
        foreach (double seconds in (double[])[0.3, 3, 30])
        {
            if (await call(TimeSpan.FromSeconds(seconds)))
            {
                return;
            }
        }

        Assert.Fail("No call reached the server before its deadline.");
    }

    /// <summary>Waits for the first response of a stream. False if the deadline comes first.</summary>
    public static async Task<bool> IsAheadAsync<TResponse>(IAsyncStreamReader<TResponse> responses, CancellationToken cancellationToken)
    {
        try
        {
            Assert.True(await responses.MoveNext(cancellationToken));
            return true;
        }
        catch (RpcException e) when (e.StatusCode == StatusCode.DeadlineExceeded)
        {
            return false;
        }
    }
}
