using System.Text.RegularExpressions;

namespace VSwitch.Tidy.Tests;

/// <summary>Dependencies point downwards, and unsafe code stays where it is allowed.</summary>
public sealed partial class LayerTests
{
    /// <summary>From the bottom to the top; a project may refer to what stands before it.</summary>
    private static readonly string[] Layers =
    [
        "VSwitch.Wire", "VSwitch.Linux", "VSwitch.Frames", "VSwitch.Ports", "VSwitch.Policy", "VSwitch.Forwarding", "VSwitch.Grpc", "VSwitch.Protocol",
        "VSwitch.Commands", "VSwitch.Hosting", "VSwitch.Vem", "VSwitch.Vsm", "VSwitch.Cli",
    ];

    private static readonly string[] Programs = ["VSwitch.Vem", "VSwitch.Vsm", "VSwitch.Cli"];

    private static readonly string[] UnsafeProjects = ["VSwitch.Frames", "VSwitch.Linux", "VSwitch.Ports"];

    [Fact]
    public void Every_project_under_src_has_its_layer()
    {
        Assert.All(Projects(), project => Assert.Contains(Name(project), Layers));
    }

    [Fact]
    public void References_point_downwards_and_never_at_a_program()
    {
        foreach (string project in Projects())
        {
            foreach (Match reference in ProjectReference().Matches(Tree.Read(project)))
            {
                string target = reference.Groups["name"].Value;
                Assert.True(Array.IndexOf(Layers, target) < Array.IndexOf(Layers, Name(project)), $"{Name(project)} refers up to {target}");
                Assert.DoesNotContain(target, Programs);
            }
        }
    }

    [Fact]
    public void Unsafe_code_is_allowed_in_three_projects()
    {
        IEnumerable<string> found = Projects().Where(project => Tree.Read(project).Contains("<AllowUnsafeBlocks>true", StringComparison.Ordinal)).Select(Name);
        Assert.Equal(UnsafeProjects, found);
    }

    [Fact]
    public void Every_project_under_src_has_a_page()
    {
        Assert.All(Projects(), project => Assert.True(Tree.Exists($"src/{Name(project)}/README.md"), $"src/{Name(project)}/README.md is missing"));
    }

    private static IEnumerable<string> Projects() => Tree.Files("src", ".csproj");

    private static string Name(string project) => Path.GetFileNameWithoutExtension(project);

    [GeneratedRegex("ProjectReference Include=\"[^\"]*/(?<name>[^/\"]+)\\.csproj\"")]
    private static partial Regex ProjectReference();
}
