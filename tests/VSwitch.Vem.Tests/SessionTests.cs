using Grpc.Core;
using VSwitch.Protocol;

namespace VSwitch.Vem.Tests;

/// <summary>What a user attaches while the line to the VSM comes and goes. The network cards are vhost-user sockets nobody dials.</summary>
public sealed class SessionTests : IAsyncDisposable
{
    private readonly TestVem _vem = new();

    public ValueTask DisposeAsync() => _vem.DisposeAsync();

    [Fact]
    public async Task What_is_attached_between_hello_and_welcome_is_numbered()
    {
        await using FakeVsm vsm = await FakeVsm.StartAsync(_vem.VsmSocket);
        await _vem.StartAsync();
        FakeVsm.Line line = await vsm.AcceptAsync();
        Hello hello = (await line.HearAsync(VemMessage.BodyOneofCase.Hello)).Hello;
        Assert.Empty(hello.Attachments);
        Task<AttachResponse> attaching = AttachAsync("vm1");
        await Attached(1);
        Task<AttachResponse> second = AttachAsync("vm2");
        await Attached(2);

        await line.SayAsync(new VsmMessage { Welcome = new Welcome { Module = 3, SwitchName = "lab" } });
        Attachment first = (await line.HearAsync(VemMessage.BodyOneofCase.Attach)).Attach.Attachment;
        Attachment next = (await line.HearAsync(VemMessage.BodyOneofCase.Attach)).Attach.Attachment;
        Assert.Equal(["vm1", "vm2"], [first.Vm, next.Vm]);
        await line.SayAsync(new VsmMessage { AttachResult = new AttachResult { Id = next.Id, Interface = "Vethernet2" } });
        await line.SayAsync(new VsmMessage { AttachResult = new AttachResult { Id = first.Id, Interface = "Vethernet1" } });
        Assert.Equal(("Vethernet1", ""), Said(await attaching));
        Assert.Equal(("Vethernet2", ""), Said(await second));
    }

    [Fact]
    public async Task What_is_detached_between_hello_and_welcome_is_told()
    {
        FakeVsm vsm = await FakeVsm.StartAsync(_vem.VsmSocket);
        await _vem.StartAsync();
        FakeVsm.Line lost = await vsm.AcceptAsync();
        await lost.HearAsync(VemMessage.BodyOneofCase.Hello);
        Task<AttachResponse> attaching = AttachAsync("vm1");
        await Attached(1);
        await vsm.DisposeAsync();
        await attaching;

        await using FakeVsm again = await FakeVsm.StartAsync(_vem.VsmSocket);
        FakeVsm.Line line = await again.AcceptAsync();
        Attachment known = Assert.Single((await line.HearAsync(VemMessage.BodyOneofCase.Hello)).Hello.Attachments);
        await _vem.Vemcmd.DetachAsync(new DetachRequest { Port = known.Device }, cancellationToken: TestContext.Current.CancellationToken);
        await line.SayAsync(new VsmMessage { Welcome = new Welcome { Module = 3, SwitchName = "lab" } });
        Assert.Equal(known.Id, (await line.HearAsync(VemMessage.BodyOneofCase.Detach)).Detach.Id);
    }

    /// <summary>The answer is as old as the line: who waits for it is told when that ends, not when patience does.</summary>
    [Fact]
    public async Task A_line_that_ends_ends_the_wait_for_a_number()
    {
        await using FakeVsm vsm = await FakeVsm.StartAsync(_vem.VsmSocket);
        (FakeVsm.Line line, Task<AttachResponse> attaching) = await AttachUnanswered(vsm);
        line.End();

        AttachResponse response = await attaching.WaitAsync(LocalVemService.AnswerTimeMax * 0.8, TestContext.Current.CancellationToken);
        Assert.Equal("", response.Interface);
        Assert.StartsWith("No VSM answers (the VSM ended the session); ", response.Notice);
        FakeVsm.Line next = await vsm.AcceptAsync();
        Assert.Single((await next.HearAsync(VemMessage.BodyOneofCase.Hello)).Hello.Attachments);
    }

    [Fact]
    public async Task A_supervisor_that_says_nothing_is_waited_for_and_named_so()
    {
        await using FakeVsm vsm = await FakeVsm.StartAsync(_vem.VsmSocket);
        (_, Task<AttachResponse> attaching) = await AttachUnanswered(vsm);

        Assert.StartsWith("No VSM answers (connected, silent for 5 s); ", (await attaching).Notice);
    }

    [Fact]
    public async Task The_MTU_is_that_of_the_request_within_its_bounds()
    {
        await _vem.StartAsync();
        foreach (uint bytes in new uint[] { 67, 65_536 })
        {
            Status status = (await Assert.ThrowsAsync<RpcException>(() => AttachAsync("vm1", bytes))).Status;
            Assert.Equal((StatusCode.InvalidArgument, $"an MTU of {bytes} bytes is none that a port can have; it is 68 to 65535"), (status.StatusCode, status.Detail));
        }

        await AttachAsync("vm1", 9000);
        await _vem.Sees("the MTU", control => control.Ports is [{ SwitchPort.Port.MtuBytes: 9000 }]);
    }

    /// <summary>The VSM welcomes the VEM, hears of an attachment and does not number it.</summary>
    private async Task<(FakeVsm.Line Line, Task<AttachResponse> Attaching)> AttachUnanswered(FakeVsm vsm)
    {
        await _vem.StartAsync();
        FakeVsm.Line line = await vsm.AcceptAsync();
        await line.HearAsync(VemMessage.BodyOneofCase.Hello);
        await line.SayAsync(new VsmMessage { Welcome = new Welcome { Module = 3, SwitchName = "lab" } });
        Task<AttachResponse> attaching = AttachAsync("vm1");
        await line.HearAsync(VemMessage.BodyOneofCase.Attach);
        return (line, attaching);
    }

    private async Task<AttachResponse> AttachAsync(string vm, uint mtuBytes = 0) => await _vem.Vemcmd.AttachAsync(new AttachRequest
    {
        Kind = PortOpener.VhostUser, Device = Path.Combine(_vem.Folder, vm + ".sock"), Profile = "web", Vm = vm, MtuBytes = mtuBytes,
    });

    private Task Attached(int count) => _vem.Sees($"{count} ports", control => control.Ports.Count == count);

    private static (string Interface, string Notice) Said(AttachResponse response) => (response.Interface, response.Notice);
}
