using Microsoft.Extensions.Logging.Abstractions;
using VSwitch.Protocol;

namespace VSwitch.Vem.Tests;

/// <summary>What a VEM remembers, and what it makes of files that somebody cut or changed.</summary>
public sealed class StateTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vswitch-vem-").FullName;
    private readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_configuration_is_read_as_it_was_saved()
    {
        var state = new VemState { Epoch = 7, Settings = new Settings { MacAgeingSeconds = 300 } };
        state.Ports.Add(new PortState { Interface = "Vethernet1", Policy = "vethernet web" });
        var store = new VemStateStore(_folder, NullLogger<VemStateStore>.Instance);
        store.SaveConfiguration(state);

        Assert.Equal(state, new VemStateStore(_folder, NullLogger<VemStateStore>.Instance).LoadConfiguration(_warnings.Add));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Nothing_saved_is_nothing_read()
    {
        var store = new VemStateStore(_folder, NullLogger<VemStateStore>.Instance);
        Assert.Null(store.LoadConfiguration(_warnings.Add));
        Assert.Empty(store.LoadAttachments(_warnings.Add).Attachments);
        Assert.Empty(_warnings);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    [InlineData(-1)]
    public void A_file_cut_anywhere_is_set_aside_and_not_believed(int length)
    {
        var store = new VemStateStore(_folder, NullLogger<VemStateStore>.Instance);
        var state = new VemState { Epoch = 7 };
        state.Ports.Add(new PortState { Interface = "Vethernet1" });
        store.SaveConfiguration(state);
        string file = Path.Combine(_folder, "configuration.bin");
        byte[] content = File.ReadAllBytes(file);
        File.WriteAllBytes(file, content[..(length < 0 ? content.Length + length : length)]);

        Assert.Equal(state, store.LoadConfiguration(_warnings.Add));
        Assert.Equal([$"{file} is damaged; it is now {file}.damaged.", $"{file}.copy is whole and takes its place."], _warnings);
        Assert.True(File.Exists(file + ".damaged"));
        Assert.False(File.Exists(file));

        File.WriteAllBytes(file, content[..10]);
        File.WriteAllBytes(file + ".copy", content[..10]);
        Assert.Null(store.LoadConfiguration(_warnings.Add));
        Assert.Contains("no whole copy", _warnings[^1]);
    }

    [Fact]
    public void Every_changed_byte_is_noticed()
    {
        var store = new VemStateStore(_folder, NullLogger<VemStateStore>.Instance);
        store.SaveAttachments(new VemAttachments { Module = 3 });
        string file = Path.Combine(_folder, "attachments.bin");
        byte[] content = File.ReadAllBytes(file);
        for (int i = 0; i < content.Length; i++)
        {
            byte[] changed = [.. content];
            changed[i] ^= 0x10;
            File.WriteAllBytes(file, changed);
            File.WriteAllBytes(file + ".copy", changed);
            Assert.Equal(0U, store.LoadAttachments(_ => { }).Module);
        }
    }

    [Fact]
    public void An_identity_lasts_and_an_instance_does_not()
    {
        VemIdentity first = VemIdentity.LoadOrCreate(_folder), again = VemIdentity.LoadOrCreate(_folder);

        Assert.Equal(first.HostId, again.HostId);
        Assert.NotEqual(first.Instance, again.Instance);
        Assert.True(Guid.TryParse(first.HostId, out _));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_folder, "identity.pem")));
    }

    [Fact]
    public void A_damaged_key_is_not_replaced_silently()
    {
        File.WriteAllText(Path.Combine(_folder, "identity.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        string message = Assert.Throws<InvalidDataException>(() => VemIdentity.LoadOrCreate(_folder)).Message;
        Assert.Contains("identity.pem", message);
    }

    [Fact]
    public void A_state_folder_belongs_to_one_process()
    {
        using var first = StateFolder.Claim(_folder);
        Assert.Contains("Another VEM runs", Assert.Throws<IOException>(() => StateFolder.Claim(_folder)).Message);
    }
}
