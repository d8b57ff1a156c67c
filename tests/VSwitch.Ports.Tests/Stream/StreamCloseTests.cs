using VSwitch.Linux;

namespace VSwitch.Ports.Tests;

/// <summary>
/// Descriptors whose close(2) waits, from a peer that keeps nothing of them itself. They keep neither the worker waiting nor the
/// control loop, and the port's next peer only.
/// </summary>
public sealed class StreamCloseTests : IDisposable
{
    private static readonly byte[] Stream = StreamPeer.OnTheStream(TestFrames.Plain(seed: 1));

    private readonly StreamBench _bench = new();
    private readonly LingeringSocket _slow = new();
    private readonly Descriptor _file = MemoryMap.CreateFile("sent", 4096);

    [Theory]
    [InlineData(0)]
    [InlineData(252)]
    public void SendsAwayWhoSendsDescriptors(int others)
    {
        using UnixSocket stranger = Connect();
        Send(stranger, others);

        AtOnce(() => _bench.LookUntil(StreamFault.Descriptors));

        Assert.Equal(0, stranger.Receive(new byte[1], []));
        LetsTheNextInWhenAllIsClosed("; the last was sent away, descriptors-sent");
    }

    /// <summary>The first message that brings descriptors is the last that is received.</summary>
    [Fact]
    public void WhatWasNotReceivedIsClosedWithTheSocket()
    {
        using UnixSocket stranger = Connect();
        stranger.Send(Stream, _file);
        Send(stranger);

        AtOnce(() => _bench.LookUntil(StreamFault.Descriptors));

        LetsTheNextInWhenAllIsClosed("; the last was sent away, descriptors-sent");
    }

    [Fact]
    public void StopsWhileSomethingIsNotReceived()
    {
        using UnixSocket stranger = Connect();
        Send(stranger);

        AtOnce(_bench.Port.Stop);
        AtOnce(_bench.Port.Start);

        LetsTheNextInWhenAllIsClosed();
    }

    [Fact]
    public void SendsAwayWhoCameBeforeStart()
    {
        _bench.Port.Stop();
        using UnixSocket stranger = UnixSocket.TryConnect(_bench.SocketPath)!;
        Send(stranger);

        AtOnce(_bench.Port.Start);

        LetsTheNextInWhenAllIsClosed();
    }

    [Fact]
    public void ClosesWhileSomebodyWaitsToBeLetIn()
    {
        _bench.Connect();
        using UnixSocket stranger = UnixSocket.TryConnect(_bench.SocketPath)!;
        Send(stranger);

        AtOnce(_bench.Port.Close);

        StreamPort.Open(new StreamOptions { Path = _bench.SocketPath }).Close();
    }

    [Fact]
    public void StaysStoppedWhenAllIsClosed()
    {
        using UnixSocket stranger = Connect();
        Send(stranger);
        AtOnce(_bench.Port.Stop);

        _slow.Dispose();
        Until.True(() => _bench.Port.LinkDownReason == $"nobody is connected to {_bench.SocketPath}", "all to be closed");

        _bench.Peer.Connect();
        Assert.False(Poll.WaitReadable(_bench.Queue.WaitHandle, 50));
        _bench.Look();
        Assert.False(_bench.Port.IsLinkUp);
    }

    public void Dispose()
    {
        _slow.Dispose();
        _bench.Dispose();
        _file.Dispose();
    }

    private UnixSocket Connect()
    {
        UnixSocket stranger = UnixSocket.TryConnect(_bench.SocketPath)!;
        _bench.LookUntil(() => _bench.Port.IsLinkUp);
        return stranger;
    }

    /// <summary>Sends the socket that lingers behind some descriptors that are soon closed, and keeps none of it.</summary>
    private void Send(UnixSocket stranger, int others = 0)
    {
        Assert.Equal(Stream.Length, stranger.Send(Stream, [.. Enumerable.Repeat(_file, others), _slow.Descriptor]));
        _slow.Descriptor.Dispose();
    }

    /// <summary>Fails when something waits for the socket that lingers.</summary>
    private void AtOnce(Action action)
    {
        Exception? failure = null;
        var thread = new Thread(() => failure = Record.Exception(action)) { IsBackground = true };
        thread.Start();
        bool isAtOnce = thread.Join(5000);
        if (!isAtOnce)
            _slow.Dispose();
        thread.Join();
        Assert.True(isAtOnce, "waits for the socket");
        Assert.Null(failure);
    }

    private void LetsTheNextInWhenAllIsClosed(string blame = "")
    {
        Assert.Equal($"what came from {_bench.SocketPath} is still being closed", _bench.Port.LinkDownReason);
        using var next = new StreamPeer(_bench.SocketPath);
        next.Send(TestFrames.Plain(seed: 2));
        Assert.False(Poll.WaitReadable(_bench.Queue.WaitHandle, 50));
        _bench.Look();
        Assert.False(_bench.Port.IsLinkUp);

        _slow.Dispose();
        Assert.True(Poll.WaitReadable(_bench.Queue.WaitHandle, 5000));
        Assert.Equal($"nobody is connected to {_bench.SocketPath}{blame}", _bench.Port.LinkDownReason);
        Assert.Equal(TestFrames.Plain(seed: 2), _bench.Receive(1)[0]);
        Assert.True(_bench.Port.IsLinkUp);
    }
}
