namespace VSwitch.Commands;

/// <summary>A mode with its commands ready for matching.</summary>
internal sealed class CompiledMode<TContext>
{
    private readonly Dictionary<Graph, Command<TContext>> _commands = [];
    private readonly Matcher _plain;
    private readonly Matcher _negated;

    /// <exception cref="NotationException">A command is declared wrongly.</exception>
    public CompiledMode(Mode<TContext> mode, IEnumerable<Command<TContext>> commands, CommandTable<TContext> table)
    {
        Mode = mode;
        var plain = new List<Graph>();
        var negated = new List<Graph>();
        foreach (var command in commands)
        {
            plain.Add(Compile(command.Notation, command, table));
            if (command.Negation is not null)
                negated.Add(Compile(command.Negation, command, table));
        }
        _plain = new Matcher(plain);
        _negated = new Matcher(negated);
        HasNegations = negated.Count > 0;
    }

    public Mode<TContext> Mode { get; }

    /// <summary>True if <c>no</c> and <c>default</c> mean something here.</summary>
    public bool HasNegations { get; }

    /// <summary>Finds the command that a line is, or says why there is none.</summary>
    public (Command<TContext> Command, Arguments Arguments)? Resolve(
        InputLine line, CommandForm form, bool abbreviations, out Failure? failure)
    {
        var way = MatcherOf(form).Match(line, abbreviations, out failure);
        return way is null ? null : (_commands[way.Graph], way.Arguments());
    }

    /// <summary>What may stand in place of the last word of a line.</summary>
    public Outlook LookAhead(InputLine line, CommandForm form) => Outlook.Of(MatcherOf(form), line);

    private Matcher MatcherOf(CommandForm form) => form == CommandForm.Plain ? _plain : _negated;

    private Graph Compile(string notation, Command<TContext> command, CommandTable<TContext> table)
    {
        var graph = Graph.Build(notation, table.Types, word => command.Words[word] ?? table.HelpOf(word));
        _commands.Add(graph, command);
        return graph;
    }
}
