using System.Diagnostics;
using System.Globalization;
using Grpc.Core;
using Grpc.Net.Client;
using VSwitch.Grpc;
using VSwitch.Protocol;

namespace VSwitch.Vsm.Tests;

/// <summary>
/// The program itself is killed with SIGKILL in the middle of commits, again and again. Whatever it acknowledged is there
/// when it comes up; of what it had not acknowledged yet, at most the one command under way.
/// </summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 20;
    private const int TimeMax = 300_000;

    /// <summary>The ageing time that nobody has set, and that is not shown. The commands count up from it.</summary>
    private const int Default = 300;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsm-kill-");

    private string Socket => Path.Combine(_directory.FullName, "vsm.sock");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact(Timeout = TimeMax)]
    public async Task NothingAcknowledgedIsLost()
    {
        const int seed = 20261118;
        var random = new Random(seed);
        int acknowledged = 0;
        for (int kill = 0; kill <= Kills; kill++)
        {
            using Process vsm = Start();
            using GrpcChannel channel = GrpcChannels.Create(GrpcAddress.Parse($"unix:{Socket}"));
            var management = new Management.ManagementClient(channel);

            string shown = (await WhenUpAsync(management, vsm)).Output;
            int stored = shown.Length == 0 ? 0 : int.Parse(shown.Split("aging-time ")[1], CultureInfo.InvariantCulture) - Default;
            Assert.InRange(stored, acknowledged, acknowledged + 1);

            var first = new TaskCompletionSource();
            Task<int> committing = CommitAsync(management, stored, first);
            if (await Task.WhenAny(first.Task, committing) == committing)
                Assert.Fail($"the program was gone before command {await committing + 1}");
            await Task.Delay(random.Next(5, 150), TestContext.Current.CancellationToken);
            vsm.Kill();
            await vsm.WaitForExitAsync(TestContext.Current.CancellationToken);
            acknowledged = await committing;
        }

        Assert.True(acknowledged > Kills, $"only {acknowledged} commands were acknowledged");
    }

    private Process Start()
    {
        string program = Path.Combine(AppContext.BaseDirectory, "VSwitch.Vsm.dll");
        string[] arguments = ["exec", program, "--listen", $"unix:{Socket}", "--socket", Socket, "--state", Path.Combine(_directory.FullName, "state")];
        return Process.Start(new ProcessStartInfo("dotnet", arguments))!;
    }

    private static async Task<ExecuteResponse> WhenUpAsync(Management.ManagementClient management, Process vsm)
    {
        while (true)
        {
            Assert.False(vsm.HasExited, "the program did not start");
            try
            {
                return await management.ExecuteAsync(new ExecuteRequest { Line = "show running-config | include aging-time" });
            }
            catch (RpcException)
            {
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }
        }
    }

    /// <summary>Gives one command after the other until the program is gone, each naming the next number.</summary>
    /// <param name="management">Takes the commands.</param>
    /// <param name="last">The number before the first.</param>
    /// <param name="first">Ends when the first was acknowledged.</param>
    /// <returns>The last number that was acknowledged.</returns>
    private static async Task<int> CommitAsync(Management.ManagementClient management, int last, TaskCompletionSource first)
    {
        try
        {
            string session = (await management.ExecuteAsync(new ExecuteRequest { Line = "configure terminal" })).Session;
            while (true)
            {
                string line = $"mac address-table aging-time {Default + last + 1}";
                ExecuteResponse response = await management.ExecuteAsync(new ExecuteRequest { Session = session, Line = line });
                Assert.True(response.Ok, response.Error);
                last++;
                first.TrySetResult();
            }
        }
        catch (RpcException)
        {
            return last;
        }
    }
}
