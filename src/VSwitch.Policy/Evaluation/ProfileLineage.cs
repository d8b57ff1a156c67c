using System.Collections.Immutable;

namespace VSwitch.Policy;

/// <summary>A port profile and its ancestors.</summary>
public static class ProfileLineage
{
    /// <summary>Profiles in a line of inheritance, the heir included.</summary>
    public const int DepthMax = 4;

    /// <summary>Follows the parents of a profile.</summary>
    /// <param name="config">Where parents are looked up.</param>
    /// <param name="profile">The heir, which need not be in the configuration yet.</param>
    /// <param name="lineage">The oldest ancestor first, the profile itself last; empty if there is a problem.</param>
    /// <returns>Null, or what is wrong: a parent that does not exist or is of the other type, a loop, too great a depth.</returns>
    public static string? Trace(SwitchConfig config, PortProfileConfig profile, out ImmutableArray<PortProfileConfig> lineage)
    {
        lineage = [];
        var line = new List<PortProfileConfig> { profile };
        while (line[^1].Inherit is { } parentName)
        {
            if (line.FindIndex(member => member.Name == parentName) is >= 0 and var start)
                return $"port-profile {parentName} would inherit itself: {Path(line.Skip(start), parentName)}";
            if (!config.Profiles.TryGetValue(parentName, out PortProfileConfig? parent))
                return $"port-profile {parentName} does not exist{NearNames.Suggest(parentName, config.Profiles.Keys)}";
            if (parent.Type != profile.Type)
                return $"port-profile {parentName} is of type {parent.Type.Word()}, and {line[^1].Name} of type {profile.Type.Word()}: "
                    + "a profile inherits from its own type only";
            if (line.Count == DepthMax)
                return $"port-profile {profile.Name} has more than {DepthMax} levels of inheritance: {Path(line, parentName)}";
            line.Add(parent);
        }

        line.Reverse();
        lineage = [.. line];
        return null;
    }

    /// <summary>What a profile comes to; nothing if there is none of that name, or its lineage has a problem.</summary>
    public static PortConfig Evaluate(SwitchConfig config, string? name)
    {
        if (name is null || !config.Profiles.TryGetValue(name, out PortProfileConfig? profile))
            return PortConfig.Empty;
        Trace(config, profile, out ImmutableArray<PortProfileConfig> lineage);
        return Merge(lineage);
    }

    /// <summary>The words of a line of inheritance laid over one another.</summary>
    public static PortConfig Merge(IEnumerable<PortProfileConfig> lineage) =>
        lineage.Aggregate(PortConfig.Empty, (inherited, profile) => inherited.OverriddenBy(profile.Port));

    private static string Path(IEnumerable<PortProfileConfig> line, string last) =>
        string.Join(" <- ", line.Select(member => member.Name).Append(last).Reverse());
}
