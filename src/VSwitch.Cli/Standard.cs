using System.Text;

namespace VSwitch.Cli;

/// <summary>The three standard streams of a process, as text.</summary>
internal sealed record Standard(TextReader In, TextWriter Out, TextWriter Error)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Whether somebody sits in front of it.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>
    /// This process's own. Console's ready-made writers are avoided: they load the terminal's description and change its settings,
    /// which takes time and gets in the way of the line editor.
    /// </summary>
    public static Standard OfProcess() => new(
        new StreamReader(Console.OpenStandardInput(), Utf8),
        new StreamWriter(Console.OpenStandardOutput(), Utf8),
        new StreamWriter(Console.OpenStandardError(), Utf8) { AutoFlush = true })
    {
        IsInteractive = !Console.IsInputRedirected && !Console.IsOutputRedirected,
    };
}
