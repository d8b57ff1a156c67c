using System.Collections.Immutable;
using static VSwitch.Policy.Tests.TestConfig;

namespace VSwitch.Policy.Tests;

public sealed class ProfileLineageTests
{
    [Fact]
    public void TheOldestAncestorComesFirst()
    {
        SwitchConfig config = With(Profile("a"), Profile("b", inherit: "a"), Profile("c", inherit: "b"), Profile("d", inherit: "c"));

        Assert.Null(ProfileLineage.Trace(config, config.Profiles["d"], out ImmutableArray<PortProfileConfig> lineage));
        Assert.Equal(["a", "b", "c", "d"], lineage.Select(profile => profile.Name));
    }

    [Fact]
    public void FiveLevelsAreTooMany()
    {
        SwitchConfig config = With(
            Profile("a"), Profile("b", inherit: "a"), Profile("c", inherit: "b"), Profile("d", inherit: "c"), Profile("e", inherit: "d"));

        Assert.Equal(
            "port-profile e has more than 4 levels of inheritance: a <- b <- c <- d <- e",
            ProfileLineage.Trace(config, config.Profiles["e"], out _));
    }

    [Fact]
    public void AProfileMayNotInheritItself()
    {
        SwitchConfig config = With(Profile("a", inherit: "a"));

        Assert.Equal("port-profile a would inherit itself: a <- a", ProfileLineage.Trace(config, config.Profiles["a"], out _));
    }

    [Fact]
    public void ALoopFurtherUpIsFoundAndNamed()
    {
        SwitchConfig config = With(Profile("a", inherit: "b"), Profile("b", inherit: "a"), Profile("c", inherit: "a"));

        Assert.Equal("port-profile a would inherit itself: a <- b <- a", ProfileLineage.Trace(config, config.Profiles["c"], out _));
    }

    [Fact]
    public void AProfileInheritsFromItsOwnTypeOnly()
    {
        SwitchConfig config = With(Profile("e", type: PortProfileType.Ethernet), Profile("v", inherit: "e"));

        Assert.Equal(
            "port-profile e is of type ethernet, and v of type vethernet: a profile inherits from its own type only",
            ProfileLineage.Trace(config, config.Profiles["v"], out _));
    }

    [Fact]
    public void AMissingParentIsNamedWithWhatMayHaveBeenMeant()
    {
        SwitchConfig config = With(Profile("server"), Profile("web", inherit: "sever"));

        Assert.Equal("port-profile sever does not exist; did you mean server?", ProfileLineage.Trace(config, config.Profiles["web"], out _));
    }
}
