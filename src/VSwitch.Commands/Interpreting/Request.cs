namespace VSwitch.Commands;

/// <summary>
/// A typed line taken apart as far as can be done before it is known which mode understands it.
/// </summary>
/// <param name="Whole">The line to be matched, without <c>no</c>, <c>default</c> and <c>do</c>.</param>
/// <param name="Command">The same up to the first pipe: what the EXEC mode matches, for only its commands have reports.</param>
/// <param name="Filters">The segments behind the pipes.</param>
/// <param name="Form">Whether <c>no</c> or <c>default</c> stood in front.</param>
/// <param name="ExecOnly">Whether <c>do</c> stood in front.</param>
internal sealed record Request(
    InputLine Whole, InputLine Command, IReadOnlyList<InputLine> Filters, CommandForm Form, bool ExecOnly)
{
    /// <param name="text">The line.</param>
    /// <param name="inProgress">True if the last word is still being typed, and so is no prefix yet.</param>
    public static Request Read(string text, bool inProgress)
    {
        var segments = Pipeline.Split(text);
        var whole = Read(text, 0, text.Length, inProgress);
        var command = Read(text, 0, segments[0].End, inProgress && segments.Count == 1);
        var filters = segments.Skip(1).Select((segment, index) =>
            Read(text, segment.Start, segment.End, inProgress && index == segments.Count - 2)).ToList();
        return new Request(whole, command, filters, CommandForm.Plain, ExecOnly: false).WithoutPrefix(inProgress);
    }

    private static InputLine Read(string text, int start, int end, bool inProgress)
    {
        var line = InputLine.Read(text, start, end);
        return inProgress ? line.WithWordInProgress() : line;
    }

    private Request WithoutPrefix(bool inProgress)
    {
        if (Whole.Words.Count < (inProgress ? 2 : 1) || Whole.Words[0].Quoted)
            return this;
        return Whole.Words[0].Text.ToLowerInvariant() switch
        {
            BuiltIn.No => Rest() with { Form = CommandForm.No },
            BuiltIn.Default => Rest() with { Form = CommandForm.Default },
            BuiltIn.Do => Rest() with { ExecOnly = true },
            _ => this,
        };
    }

    private Request Rest() => this with { Whole = Whole.From(1), Command = Command.From(1) };
}
