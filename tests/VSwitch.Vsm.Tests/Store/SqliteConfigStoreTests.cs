namespace VSwitch.Vsm.Tests;

public sealed class SqliteConfigStoreTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("vsm-store-");

    private string Database => Path.Combine(_directory.FullName, "vsm.db");

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public void ANewStoreHoldsNothing()
    {
        using var store = Open();

        Assert.Null(store.LoadRunning());
        Assert.Null(store.LoadStartup());
    }

    [Fact]
    public void TextsAreThereWhenTheStoreIsOpenedAgain()
    {
        using (var store = Open())
        {
            store.SaveRunning(Head("hostname a\n"));
            store.SaveRunning(Head("hostname b é\n"));
            store.SaveStartup("hostname c\n");
        }

        using (var store = Open())
        {
            Assert.Equal("hostname b é\n", store.LoadRunning());
            Assert.Equal("hostname c\n", store.LoadStartup());
            store.SaveStartup(null);
        }

        using (var store = Open())
            Assert.Null(store.LoadStartup());
    }

    [Fact]
    public void TwoSupervisorsCannotShareAStore()
    {
        using var store = Open();

        var refusal = Assert.Throws<StoreException>(Open);

        Assert.Contains("is in use by another vsm", refusal.Message);
        store.SaveRunning(Head("still mine\n"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(4096)]
    [InlineData(8000)]
    public void AStoreThatIsCutShortIsLeftAsItIs(int bytes)
    {
        using (var store = Open())
            store.SaveRunning(Head(new string('x', 20_000)));
        using (FileStream file = File.OpenWrite(Database))
            file.SetLength(bytes);

        RefusesAndTouchesNothing();
    }

    /// <summary>A process that was killed leaves its log behind; opening must not write the log into a file that is damaged.</summary>
    [Fact]
    public void WhatAKilledProcessLeftIsNotMadeWorse()
    {
        string log = Database + "-wal";
        using (var store = Open())
            store.SaveRunning(Head(new string('x', 20_000)));
        using (var store = Open())
        {
            store.SaveStartup("hostname a\n");
            File.Copy(Database, Database + ".copy");
            File.Copy(log, log + ".copy");
        }

        File.Move(Database + ".copy", Database, overwrite: true);
        File.Move(log + ".copy", log);
        byte[] bytes = File.ReadAllBytes(Database);
        bytes.AsSpan(4096).Fill(0xFF);
        File.WriteAllBytes(Database, bytes);
        byte[] logBefore = File.ReadAllBytes(log);

        RefusesAndTouchesNothing();

        Assert.Equal(logBefore, File.ReadAllBytes(log));
    }

    [Fact]
    public void AByteThatChangedIsNoticed()
    {
        using (var store = Open())
            store.SaveRunning(Head("hostname original\n"));
        byte[] bytes = File.ReadAllBytes(Database);
        bytes[bytes.AsSpan().LastIndexOf("original"u8)] ^= 1;
        File.WriteAllBytes(Database, bytes);

        RefusesAndTouchesNothing();
    }

    [Fact]
    public void AFileThatIsSomethingElseIsLeftAsItIs()
    {
        File.WriteAllText(Database, "my diary\n");

        RefusesAndTouchesNothing();
    }

    [Fact]
    public void AStateDirectoryThatCannotBeIsNamed()
    {
        string file = Path.Combine(_directory.FullName, "file");
        File.WriteAllText(file, "");

        Assert.Contains(file, Assert.Throws<StoreException>(() => SqliteConfigStore.Open(Path.Combine(file, "state"))).Message);
    }

    [Fact]
    public void PartsAreReplacedRemovedAndOrdered()
    {
        using var store = Open();
        store.SaveRunning([new ConfigPart(1, "b", "b\n"), new ConfigPart(2, "c", "last\n"), new ConfigPart(0, "z", "first\n"), new ConfigPart(1, "a", "gone\n")]);
        store.SaveRunning([new ConfigPart(1, "a", null), new ConfigPart(1, "b", "middle\n")]);

        Assert.Equal("first\nmiddle\nlast\n", store.LoadRunning());
    }

    private static ConfigPart[] Head(string text) => [new ConfigPart(0, "head", text)];

    private SqliteConfigStore Open() => SqliteConfigStore.Open(_directory.FullName);

    private void RefusesAndTouchesNothing()
    {
        byte[] before = File.ReadAllBytes(Database);

        var refusal = Assert.Throws<StoreException>(Open);

        Assert.StartsWith($"The configuration store {Database} is damaged: ", refusal.Message);
        Assert.Equal(before, File.ReadAllBytes(Database));
    }
}
