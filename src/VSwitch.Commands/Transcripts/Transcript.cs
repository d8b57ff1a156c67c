using System.Text;

namespace VSwitch.Commands;

/// <summary>
/// Replays what a user saw. A transcript is the text of a terminal: lines that start with the prompt are typed, all others
/// were printed. Running it types the same lines again and gives the transcript that comes out, so that a test compares two
/// texts:
/// <code>
/// switch# show vlan
/// VLAN Name
/// ---- ----
/// 10   web
/// switch# conf?
///   configure  Change the configuration
/// </code>
/// A typed line that ends in <c>?</c> asks for help, one that ends in <c>&lt;TAB&gt;</c> for completion, which prints the
/// candidates. Lines before the first prompt are comments and come out as they are.
/// </summary>
public static class Transcript
{
    private const string Tab = "<TAB>";

    /// <param name="interpreter">The commands.</param>
    /// <param name="context">What they act on.</param>
    /// <param name="session">Where the user stands at first.</param>
    /// <param name="text">The transcript.</param>
    /// <returns>The transcript with what the commands print now; the same text if all is as expected.</returns>
    public static string Run<TContext>(Interpreter<TContext> interpreter, TContext context, Session session, string text)
    {
        var actual = new StringBuilder();
        var typed = false;
        foreach (var line in text.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith(session.Prompt, StringComparison.Ordinal))
            {
                typed = true;
                actual.Append(line).Append('\n').Append(Answer(interpreter, context, ref session, line[session.Prompt.Length..]));
            }
            else if (!typed)
            {
                actual.Append(line).Append('\n');
            }
        }
        return actual.ToString();
    }

    private static string Answer<TContext>(Interpreter<TContext> interpreter, TContext context, ref Session session, string line)
    {
        var promptWidth = session.Prompt.Length;
        if (line.EndsWith('?'))
            return interpreter.Help(session, line[..^1]).ToText(promptWidth);
        if (line.EndsWith(Tab, StringComparison.Ordinal))
            return Report.OfLines(interpreter.Complete(context, session, line[..^Tab.Length]).Candidates).ToText();
        var result = interpreter.Execute(context, session, line);
        session = result.Session;
        return result.ToText(promptWidth);
    }
}
