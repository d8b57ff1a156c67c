namespace VSwitch.Tidy.Tests;

/// <summary>The checkout as text: what git would hold, without what is built.</summary>
internal static class Tree
{
    private static readonly string[] Built = ["bin", "obj", "out", ".git", "node_modules", "BenchmarkDotNet.Artifacts"];

    public static string Root { get; } = FindRoot();

    /// <summary>Files below a folder whose names end so, relative to the root, with forward slashes.</summary>
    public static IEnumerable<string> Files(string folder, string ending) => Walk(Path.Combine(Root, folder))
        .Where(path => path.EndsWith(ending, StringComparison.Ordinal))
        .Select(path => Path.GetRelativePath(Root, path))
        .Order(StringComparer.Ordinal);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    public static string[] ReadLines(string file) => File.ReadAllLines(Path.Combine(Root, file));

    public static bool Exists(string path) => File.Exists(Path.Combine(Root, path)) || Directory.Exists(Path.Combine(Root, path));

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            yield return file;
        foreach (string child in Directory.EnumerateDirectories(folder).Where(child => !Built.Contains(Path.GetFileName(child))))
        {
            foreach (string file in Walk(child))
                yield return file;
        }
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VSwitch.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException($"No VSwitch.sln above {AppContext.BaseDirectory}.");
    }
}
