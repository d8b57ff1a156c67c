namespace VSwitch.Integration.Tests;

/// <summary>A file system of a few kilobytes in the place of a folder, with what was in the folder; it goes when it is disposed.</summary>
public sealed class SmallDisk : IDisposable
{
    private readonly string _folder;

    public SmallDisk(string folder, int kilobytes)
    {
        _folder = folder;
        string aside = folder + ".aside";
        Directory.Move(folder, aside);
        Directory.CreateDirectory(folder);
        Shell.Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "tmpfs", folder);
        Shell.Run("cp", "-a", $"{aside}/.", folder);
        Directory.Delete(aside, recursive: true);
    }

    private string Filler => Path.Combine(_folder, "filler");

    /// <summary>Leaves no room.</summary>
    public void Fill() => Shell.Try("dd", "if=/dev/zero", $"of={Filler}", "bs=4096");

    public void Empty() => File.Delete(Filler);

    public void Dispose() => Shell.Run("umount", "--lazy", _folder);
}
