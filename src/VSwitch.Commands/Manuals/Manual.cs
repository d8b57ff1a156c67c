using System.Text;

namespace VSwitch.Commands;

/// <summary>Writes the reference manual of a table: every mode, every command, every word of it.</summary>
public static class Manual
{
    private const string Preface =
        """
        # Command reference

        Keywords can be abbreviated as long as they are unique. `?` lists what may come next, the tabulator key completes.
        `no` before a command negates it and `default` sets it back, where a negated form is given below.
        `exit` leaves a mode and `end` all of them. Commands of the EXEC mode and of the modes around the current one
        work in every mode. A line that starts with `!` is a comment.

        """;

    /// <summary>The manual as Markdown, modes and commands in the order of their declaration.</summary>
    /// <exception cref="NotationException">A command is declared wrongly.</exception>
    public static string Write<TContext>(CommandTable<TContext> table)
    {
        var text = new StringBuilder(Preface);
        table.DeclareSettings();
        foreach (var mode in table.Modes)
            WriteMode(text, mode, table);
        WriteFilters(text);
        return text.ToString();
    }

    /// <summary>
    /// The keywords for which neither the table nor their command has a sentence, with a command that uses each; a test
    /// expects none.
    /// </summary>
    public static IReadOnlyList<(string Keyword, string Notation)> Unexplained<TContext>(CommandTable<TContext> table)
    {
        table.DeclareSettings();
        return
        [
            .. from command in table.Modes.SelectMany(mode => mode.Commands)
               from keyword in Graphs(command, table).SelectMany(graph => graph.Nodes).OfType<KeywordNode>()
               where keyword.Help.Length == 0
               group command.Notation by keyword.Text into uses
               select (uses.Key, uses.First()),
        ];
    }

    /// <summary>
    /// Lines that each command takes, one per way through its declaration, with the examples of the parameter types as
    /// values: what a test types into every command.
    /// </summary>
    public static IEnumerable<string> Samples<TContext>(CommandTable<TContext> table, Command<TContext> command) =>
        GraphOf(command.Notation, command, table).Samples();

    private static void WriteMode<TContext>(StringBuilder text, Mode<TContext> mode, CommandTable<TContext> table)
    {
        text.Append($"\n## {mode.Name}\n\n{Sentence(mode.Help)}");
        if (mode.Parent is not null)
        {
            text.Append($" Prompt `switch({mode.Prompt})# `.");
            var ways = mode.Parent.Commands.Where(command => command.Enters == mode).Select(command => command.Notation);
            text.Append($" Entered from {mode.Parent.Name} with {string.Join(" or ", ways.Select(way => $"`{Shown(way)}`"))}.");
        }
        text.Append('\n');
        foreach (var command in mode.Commands)
            WriteCommand(text, command, table);
    }

    private static void WriteCommand<TContext>(StringBuilder text, Command<TContext> command, CommandTable<TContext> table)
    {
        text.Append($"\n### `{Shown(command.Notation)}`\n\n{Sentence(command.Help)}\n");
        if (command.Negation is not null)
            text.Append($"Negated form: `no {Shown(command.Negation)}`.\n");
        var words = Graphs(command, table).SelectMany(graph => graph.Nodes).Select(WordAndMeaning).Distinct().ToList();
        text.Append("\n| Word | Meaning |\n| --- | --- |\n");
        foreach (var (word, meaning) in words)
            text.Append($"| `{Cell(word)}` | {Cell(meaning)} |\n");
    }

    private static void WriteFilters(StringBuilder text)
    {
        text.Append("\n## Filters\n\nWhat EXEC commands print can be sent through filters: `show ... | include up | count`.\n");
        text.Append("\n| Filter | What it does |\n| --- | --- |\n");
        foreach (var command in FilterTable.Table.Exec.Commands)
            text.Append($"| `{Cell(Shown(command.Notation))}` | {Sentence(command.Help)} |\n");
    }

    private static (string Word, string Meaning) WordAndMeaning(Node node) => node is ParameterNode parameter
        ? ($"<{parameter.Name}>", $"{parameter.Help}: `{parameter.Type.Hint}`")
        : (((KeywordNode)node).Text, ((KeywordNode)node).Help);

    private static IEnumerable<Graph> Graphs<TContext>(Command<TContext> command, CommandTable<TContext> table)
    {
        yield return GraphOf(command.Notation, command, table);
        if (command.Negation is not null)
            yield return GraphOf(command.Negation, command, table);
    }

    private static Graph GraphOf<TContext>(string notation, Command<TContext> command, CommandTable<TContext> table) =>
        Graph.Build(notation, table.Types, word => command.Words[word] ?? table.HelpOf(word));

    private static string Shown(string notation) => NotationParser.Parse(notation).ToString();

    /// <summary>A pipe would end the cell of a Markdown table, even inside a code span.</summary>
    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static string Sentence(string text) => text.EndsWith('.') ? text : text + ".";
}
