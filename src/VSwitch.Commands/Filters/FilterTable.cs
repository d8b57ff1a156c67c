using System.Text.RegularExpressions;

namespace VSwitch.Commands;

/// <summary>
/// What can stand behind a pipe. A filter is a command whose context is the report that flows through it, so it is
/// declared, matched, abbreviated and explained like any other.
/// </summary>
internal static class FilterTable
{
    private const int LineCountDefault = 10;

    public static readonly CommandTable<Report> Table = Declare();

    private static readonly CompiledMode<Report> Filters = new(Table.Exec, Table.Exec.Commands, Table);

    /// <summary>Finds the filters of a line before anything of it is run; null with a reason if one is not understood.</summary>
    public static List<Func<Report, Report>>? Resolve(IReadOnlyList<InputLine> segments, out Failure? failure)
    {
        var filters = new List<Func<Report, Report>>();
        failure = null;
        foreach (var segment in segments)
        {
            if (Filters.Resolve(segment, CommandForm.Plain, abbreviations: true, out failure) is not { } found)
                return null;
            filters.Add(report => found.Command.Run(
                new Invocation<Report>(report, new Session("", []), CommandForm.Plain, found.Arguments, "")));
        }
        return filters;
    }

    public static Outlook LookAhead(InputLine segment) => Filters.LookAhead(segment, CommandForm.Plain);

    private static CommandTable<Report> Declare()
    {
        var table = new CommandTable<Report>();
        table.AddType(new RegexType());
        table.Explain(
            ("begin", "Begin with the first line that matches"),
            ("count", "Count the lines"),
            ("egrep", "Print the lines that match"),
            ("exclude", "Leave the lines out that match"),
            ("grep", "Print the lines that match"),
            ("-i", "Without regard to case"),
            ("head", "Print the first lines"),
            ("include", "Print the lines that match"),
            ("json", "Print as JSON on one line"),
            ("json-pretty", "Print as JSON for people"),
            ("last", "Print the last lines"),
            ("no-more", "Print without stopping at full screens"),
            ("section", "Print the lines that match and those that are indented below them"),
            ("wc", "Count lines, words and characters"));

        var pipe = table.Exec;
        pipe.Show("include <pattern:regex>", "Prints the lines that match.", Matching);
        pipe.Show("exclude <pattern:regex>", "Prints the lines that do not match.", i => OfLines(i, lines =>
            lines.Where(Not(Matches(i)))));
        pipe.Show("grep [-i] <pattern:regex>", "Prints the lines that match.", Matching);
        pipe.Show("egrep [-i] <pattern:regex>", "Prints the lines that match.", Matching);
        pipe.Show("begin <pattern:regex>", "Prints from the first line that matches on.", i => OfLines(i, lines =>
            lines.SkipWhile(Not(Matches(i)))));
        pipe.Show("section <pattern:regex>", "Prints the lines that match, each with what is indented below it.", i =>
            OfLines(i, lines => Sections(lines, Matches(i))));
        pipe.Show("head [<count:1-100000>]", "Prints the first lines, ten if no number is given.", i => OfLines(i, lines =>
            lines.Take(i.Get("count", LineCountDefault))));
        pipe.Show("last [<count:1-100000>]", "Prints the last lines, ten if no number is given.", i => OfLines(i, lines =>
            lines.TakeLast(i.Get("count", LineCountDefault))));
        pipe.Show("count", "Counts the lines.", i => OfLines(i, lines => [$"{lines.Count}"]));
        pipe.Show("wc", "Counts lines, words and characters.", i => OfLines(i, lines => [WordCount(lines)]));
        pipe.Show("no-more", "Prints without stopping at full screens.", i => i.Context);
        pipe.Show("json", "Prints as JSON on one line.", i => Report.OfLines(i.Context.ToJsonText()));
        pipe.Show("json-pretty", "Prints as JSON with indentation.", i => Report.OfLines(i.Context.ToJsonText(pretty: true)));
        return table;
    }

    private static Report OfLines(Invocation<Report> invocation, Func<IReadOnlyList<string>, IEnumerable<string>> filter) =>
        Report.OfLines(filter(invocation.Context.ToLines()));

    private static Report Matching(Invocation<Report> invocation) =>
        OfLines(invocation, lines => lines.Where(Matches(invocation)));

    private static Func<string, bool> Matches(Invocation<Report> invocation)
    {
        var pattern = invocation.Get<Regex>("pattern");
        return (invocation.Has("-i") ? RegexType.IgnoringCase(pattern) : pattern).IsMatch;
    }

    private static Func<string, bool> Not(Func<string, bool> matches) => line => !matches(line);

    private static IEnumerable<string> Sections(IEnumerable<string> lines, Func<string, bool> matches)
    {
        var sectionIndent = int.MaxValue;
        foreach (var line in lines)
        {
            var indent = line.Length - line.TrimStart().Length;
            if (matches(line))
                sectionIndent = Math.Min(sectionIndent, indent);
            else if (indent <= sectionIndent)
                sectionIndent = int.MaxValue;
            if (sectionIndent != int.MaxValue)
                yield return line;
        }
    }

    private static string WordCount(IReadOnlyList<string> lines)
    {
        var words = lines.Sum(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length);
        return $"{lines.Count,8}{words,8}{lines.Sum(line => line.Length + 1),8}";
    }
}
