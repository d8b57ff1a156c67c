using VSwitch.Policy;

namespace VSwitch.Vsm.Tests;

/// <summary>The running configuration given to an empty switch makes the same configuration again.</summary>
public sealed class ConfigurationTextTests
{
    private const int Configurations = 300;

    private static readonly ConfigurationText Text = new(new Grammar());

    [Fact]
    public void EveryConfigurationIsReadBackAsItWas()
    {
        for (int seed = 0; seed < Configurations; seed++)
        {
            SwitchConfig config = new ConfigGenerator(seed).Next();
            Assert.Empty(ConfigValidator.Problems(config));

            SwitchConfig again = Text.Parse(Text.Render(config));

            AssertSame(config, again, $"seed {seed}:\n{Text.Render(config)}");
        }
    }

    /// <summary>The parts that were stored make up the text, whatever the way there.</summary>
    [Fact]
    public void ChangesLeadFromOneTextToTheOther()
    {
        var parts = new Dictionary<string, ConfigPart>(StringComparer.Ordinal);
        SwitchConfig before = SwitchConfig.Empty;
        for (int seed = 0; seed < Configurations; seed++)
        {
            SwitchConfig after = new ConfigGenerator(seed).Next();
            if (seed % 3 == 0)
                after = before with { Interfaces = after.Interfaces, Profiles = after.Profiles };
            foreach (ConfigPart part in Text.Changes(before, after))
            {
                if (part.Text is null)
                    Assert.True(parts.Remove(part.Name));
                else
                    parts[part.Name] = part;
            }

            string stored = string.Concat(parts.Values.OrderBy(part => part.Rank).ThenBy(part => part.Name, StringComparer.Ordinal).Select(part => part.Text));
            AssertSame(after, Text.Parse(stored), $"seed {seed}");
            Assert.Empty(Text.Changes(after, Text.Parse(stored)));
            before = after;
        }
    }

    [Fact]
    public async Task EveryConfigurationCanBeTyped()
    {
        for (int seed = 0; seed < Configurations / 20; seed++)
        {
            SwitchConfig config = new ConfigGenerator(seed).Next();
            string shown = $"!Command: show running-config\n!Time: then\n\nversion 1.0.0\n\n{Text.Render(config)}";

            await using TestVsm vsm = await TestVsm.StartAsync(shown.Split('\n'));

            AssertSame(config, vsm.Configuration.Current, $"seed {seed}:\n{shown}");
        }
    }

    [Fact]
    public void ALineThatMakesNoSenseIsNamed()
    {
        var problem = Assert.Throws<FormatException>(() => Text.Parse("vlan 1,10\n\nport-profile type vethernet web\n  switchport access vlan x\n"));

        Assert.StartsWith("line 4, \"switchport access vlan x\": ", problem.Message);
    }

    [Fact]
    public void AVlanThatIsGoneStaysGone()
    {
        SwitchConfig config = Text.Parse("port-profile type vethernet web\n  switchport access vlan 20\nno vlan 20\n");

        Assert.DoesNotContain(20, config.Vlans.Keys);
        Assert.EndsWith("\nno vlan 20\n", Text.Render(config));
    }

    private static void AssertSame(SwitchConfig expected, SwitchConfig actual, string what)
    {
        Assert.True(expected.HostName == actual.HostName, what);
        Assert.True(expected.MacAgeingSeconds == actual.MacAgeingSeconds, what);
        Assert.True(expected.Vlans.Values.SequenceEqual(actual.Vlans.Values), what);
        Assert.True(expected.Profiles.Values.SequenceEqual(actual.Profiles.Values), what);
        Assert.True(expected.Interfaces.Values.SequenceEqual(actual.Interfaces.Values), what);
        Assert.True(expected.Modules.Values.SequenceEqual(actual.Modules.Values), what);
        Assert.True(expected.AccessLists.Values.Select(Flat).SequenceEqual(actual.AccessLists.Values.Select(Flat)), what);
    }

    private static string Flat(AccessListConfig list) =>
        $"{list.Name} {list.StatisticsPerEntry} {string.Join('\n', list.Entries.Select(entry => entry.ToString()))}";
}
