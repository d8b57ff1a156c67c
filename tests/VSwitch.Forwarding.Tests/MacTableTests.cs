namespace VSwitch.Forwarding.Tests;

public sealed class MacTableTests
{
    [Fact]
    public void Addresses_are_known_by_VLAN()
    {
        var table = new MacTable();
        table.Learn(10, 0x0200_0000_000A, 3, 1);

        Assert.Equal(3, table.Lookup(10, 0x0200_0000_000A));
        Assert.Equal(-1, table.Lookup(20, 0x0200_0000_000A));
    }

    [Fact]
    public void A_full_table_evicts_from_the_port_that_holds_most()
    {
        var table = new MacTable(capacity: 1024);
        for (ulong i = 0; i < 100; i++)
            table.Learn(1, 0x0200_0000_0000 + i, port: 1, 1);
        for (ulong i = 0; i < 100_000; i++)
            table.Learn(1, 0x0400_0000_0000 + i, port: 2, 1);

        Assert.InRange(table.Count, 1000, 1024);
        Assert.All(Enumerable.Range(0, 100), i => Assert.Equal(1, table.Lookup(1, 0x0200_0000_0000 + (ulong)i)));
        Assert.InRange(table.Evictions, 99_000UL, 100_000UL);
    }

    [Fact]
    public void A_table_holds_its_capacity_without_evictions()
    {
        var table = new MacTable(capacity: 65536);
        var random = new Random(7);
        var addresses = new HashSet<ulong>();
        while (addresses.Count < 65536)
            addresses.Add((ulong)random.NextInt64(1L << 40));
        foreach (ulong address in addresses)
            table.Learn(1 + (int)(address % 4094), address | 0x0200_0000_0000, 1, 1);

        Assert.Equal(65536, table.Count);
        Assert.Equal(0UL, table.Evictions);
        Assert.All(addresses, address => Assert.Equal(1, table.Lookup(1 + (int)(address % 4094), address | 0x0200_0000_0000)));
    }

    [Fact]
    public void Ageing_forgets_what_was_not_seen_and_nothing_static()
    {
        var table = new MacTable();
        table.Learn(1, 1, 1, nowSeconds: 100);
        table.Learn(1, 2, 1, nowSeconds: 100);
        Assert.True(table.AddStatic(1, 3, 1));
        table.Learn(1, 2, 1, nowSeconds: 390);

        Assert.Equal(1, table.Age(nowSeconds: 401, ageSecondsMax: 300));
        Assert.Equal((-1, 1, 1), (table.Lookup(1, 1), table.Lookup(1, 2), table.Lookup(1, 3)));
    }

    [Fact]
    public void A_static_address_does_not_move()
    {
        var table = new MacTable();
        table.Learn(1, 5, port: 9, 1);
        Assert.True(table.AddStatic(1, 5, port: 1));

        Assert.Equal(LearnResult.StaticElsewhere, table.Learn(1, 5, port: 2, 1));
        Assert.Equal(LearnResult.Here, table.Learn(1, 5, port: 1, 1));
        Assert.False(table.AddStatic(1, 5, port: 2));
        Assert.Equal(1, table.Lookup(1, 5));
        table.RemoveStatic(1, 5, 1);
        Assert.Equal(-1, table.Lookup(1, 5));
    }

    [Fact]
    public void Flushing_a_port_leaves_the_others()
    {
        var table = new MacTable();
        table.Learn(1, 1, port: 1, 1);
        table.Learn(1, 2, port: 2, 1);
        table.Flush(1, includeStatic: false);

        Assert.Equal((-1, 2), (table.Lookup(1, 1), table.Lookup(1, 2)));
        Assert.Equal(1, table.Count);
    }

    /// <summary>Readers never see one address's port for another's while writers replace entries under them.</summary>
    [Fact]
    public void A_worker_learns_and_moves_every_address_while_the_table_is_aged()
    {
        var table = new MacTable();
        for (ulong i = 0; i < 10_000; i++)
            table.Learn(2, i + 1, 9, nowSeconds: 1);
        using var stop = new CancellationTokenSource();
        var ageing = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                table.Age(nowSeconds: 2, ageSecondsMax: 300);
        });
        ageing.Start();

        int missed = 0;
        for (int i = 0; i < 200_000; i++)
        {
            ulong address = 0x0200_0000_0000 + (ulong)(i % 100);
            table.Learn(1, address, i % 7, nowSeconds: 2);
            missed += table.Lookup(1, address) == i % 7 ? 0 : 1;
        }
        stop.Cancel();
        ageing.Join();

        Assert.Equal(0, missed);
    }

    [Fact]
    public void A_lookup_that_races_learning_never_answers_for_another_address()
    {
        var table = new MacTable(capacity: 64);
        using var stop = new CancellationTokenSource();
        Thread[] writers = [.. Enumerable.Range(0, 2).Select(writer => new Thread(() =>
        {
            var random = new Random(writer);
            while (!stop.IsCancellationRequested)
            {
                ulong address = (ulong)random.Next(1, 2000);
                table.Learn(1, address, port: (int)(address % 1000), (uint)random.Next());
            }
        }))];
        foreach (Thread writer in writers)
            writer.Start();

        var reader = new Random(99);
        int wrong = 0, found = 0;
        for (int i = 0; i < 2_000_000; i++)
        {
            ulong address = (ulong)reader.Next(1, 2000);
            int port = table.Lookup(1, address);
            found += port >= 0 ? 1 : 0;
            wrong += port >= 0 && port != (int)(address % 1000) ? 1 : 0;
        }
        stop.Cancel();
        foreach (Thread writer in writers)
            writer.Join();
        Assert.True(found > 0, "the test looked up nothing that was there");
        Assert.Equal(0, wrong);
    }
}
