namespace VSwitch.Integration.Tests;

/// <summary>Where the programs under test are: in out/, put there by tools/build.</summary>
public static class Programs
{
    public static string Root { get; } = FindRoot();

    public static string Vem => Path("vem");

    public static string Vsm => Path("vsm");

    public static string Vsw => Path("vsw");

    public static string Vemcmd => Path("vemcmd");

    private static string Path(string name)
    {
        string path = System.IO.Path.Combine(Root, "out", name);
        return File.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing; run tools/build first.");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "VSwitch.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No VSwitch.sln above {AppContext.BaseDirectory}.");
    }
}
