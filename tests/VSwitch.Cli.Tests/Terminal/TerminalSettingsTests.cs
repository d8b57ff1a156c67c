using VSwitch.Cli.Terminal;
using VSwitch.Cli.Tests.Fakes;
using VSwitch.Cli.Tests.Programs;

namespace VSwitch.Cli.Tests.Terminal;

public sealed class TerminalSettingsTests
{
    [Fact]
    public async Task OffsetsAndConstantsAreThoseOfTheCLibrary()
    {
        const string program = """
            #include <stddef.h>
            #include <stdio.h>
            #include <sys/ioctl.h>
            #include <termios.h>
            int main(void) {
              printf("%zu %zu %zu %zu ", sizeof(struct termios), offsetof(struct termios, c_iflag), offsetof(struct termios, c_lflag),
                     offsetof(struct termios, c_cc));
              printf("%u %u %u %u %u %u ", ICRNL, IXON, ISIG, ICANON, ECHO, IEXTEN);
              printf("%d %d %d %d %lu %zu\n", VQUIT, VTIME, VMIN, VSUSP, (unsigned long)TIOCGWINSZ, sizeof(struct winsize));
            }
            """;
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("layout.c"), program, TestContext.Current.CancellationToken);
        Outcome compiled = await BuiltPrograms.RunAsync("cc", ["-o", folder.File("layout"), folder.File("layout.c")]);
        Assert.Equal("", compiled.Error);

        Outcome layout = await BuiltPrograms.RunAsync(folder.File("layout"), []);

        Assert.Equal(
            string.Join(' ',
                TerminalSettings.Size, TerminalSettings.InputFlagsOffset, TerminalSettings.LocalFlagsOffset, TerminalSettings.ControlCharactersOffset,
                TerminalSettings.ICRNL, TerminalSettings.IXON, TerminalSettings.ISIG, TerminalSettings.ICANON, TerminalSettings.ECHO,
                TerminalSettings.IEXTEN, TerminalSettings.VQUIT, TerminalSettings.VTIME, TerminalSettings.VMIN, TerminalSettings.VSUSP,
                TerminalSettings.TIOCGWINSZ, 4 * sizeof(ushort)),
            layout.Out.Trim());
    }
}
