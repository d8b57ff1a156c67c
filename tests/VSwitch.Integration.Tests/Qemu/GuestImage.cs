namespace VSwitch.Integration.Tests.Qemu;

/// <summary>
/// A kernel and an initramfs that QEMU boots in a few seconds, made from Debian packages of this machine by
/// Scripts/Guest/build. Nothing of it is kept between test runs.
/// </summary>
public sealed class GuestImage : IDisposable
{
    private readonly string _folder = Directory.CreateDirectory(Leftovers.Folder(Leftovers.NewId())).FullName;

    public GuestImage() => Shell.Run("bash", Path.Combine(AppContext.BaseDirectory, "Scripts", "Guest", "build"), _folder);

    public string Kernel => Path.Combine(_folder, "kernel");

    public string Initramfs => Path.Combine(_folder, "initramfs");

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
