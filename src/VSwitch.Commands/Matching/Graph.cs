namespace VSwitch.Commands;

/// <summary>A command's notation made ready for matching.</summary>
internal sealed class Graph
{
    /// <summary>A command is declared by a person; more samples than this show nothing new.</summary>
    private const int SamplesMax = 200;

    private readonly List<Node> _nodes = [];

    private Graph(string notation) => Notation = notation;

    public string Notation { get; }

    public Node Start { get; } = new StartNode();

    /// <summary>Every node but the start, in the order of the declaration.</summary>
    public IReadOnlyList<Node> Nodes => _nodes;

    /// <param name="notation">The declaration.</param>
    /// <param name="types">Where parameter types are looked up.</param>
    /// <param name="help">The sentence for a keyword (<c>in</c>) or parameter (<c>&lt;vlan&gt;</c>), or null.</param>
    /// <exception cref="NotationException">The declaration makes no sense.</exception>
    public static Graph Build(string notation, ParameterTypes types, Func<string, string?> help)
    {
        var graph = new Graph(notation);
        var whole = graph.Connect(NotationParser.Parse(notation), types, help);
        if (whole.CanBeEmpty)
            throw new NotationException(notation, "it can be empty");
        foreach (var node in whole.First)
            graph.Start.Lead(node);
        foreach (var node in whole.Last)
            node.IsFinal = true;
        graph.CheckNothingFollowsRestOfLine();
        return graph;
    }

    /// <summary>
    /// Lines that the command takes, one per way through its declaration that passes no place twice, with the examples of
    /// the parameter types as values.
    /// </summary>
    public IEnumerable<string> Samples() => Samples(Start, []).Take(SamplesMax);

    private static IEnumerable<string> Samples(Node node, List<Node> way)
    {
        if (node.IsFinal)
            yield return string.Join(' ', way.Select(SampleOf));
        foreach (var next in node.Next.Where(next => !way.Contains(next)))
        {
            foreach (var sample in Samples(next, [.. way, next]))
                yield return sample;
        }
    }

    private static string SampleOf(Node node) =>
        node is ParameterNode parameter ? parameter.Type.Example : ((KeywordNode)node).Text;

    /// <summary>A stretch of the graph: where it is entered, where it is left, whether it can be passed over.</summary>
    private readonly record struct Stretch(IEnumerable<Node> First, IEnumerable<Node> Last, bool CanBeEmpty);

    private Stretch Connect(Expression expression, ParameterTypes types, Func<string, string?> help) => expression switch
    {
        Literal literal => Place(new KeywordNode(literal, help(literal.Text) ?? "")),
        Parameter parameter => Place(ValueOf(parameter, types, help)),
        Sequence sequence => sequence.Items.Select(item => Connect(item, types, help)).Aggregate(InSequence),
        Choice choice => choice.Options.Select(option => Connect(option, types, help)).ToList().Aggregate(InChoice),
        Optional optional => Connect(optional.Item, types, help) with { CanBeEmpty = true },
        Repeat repeat => Looped(Connect(repeat.Item, types, help)),
        _ => throw new NotSupportedException(expression.GetType().Name),
    };

    private Stretch Place(Node node)
    {
        _nodes.Add(node);
        return new Stretch([node], [node], CanBeEmpty: false);
    }

    private ParameterNode ValueOf(Parameter parameter, ParameterTypes types, Func<string, string?> help)
    {
        var type = types.Find(parameter.TypeName)
                   ?? throw new NotationException(Notation, $"there is no parameter type \"{parameter.TypeName}\"");
        return new ParameterNode(parameter, type, help(parameter.ToString()) ?? type.Help);
    }

    private static Stretch InSequence(Stretch left, Stretch right)
    {
        Link(left.Last, right.First);
        return new Stretch(
            left.CanBeEmpty ? [.. left.First, .. right.First] : left.First,
            right.CanBeEmpty ? [.. left.Last, .. right.Last] : right.Last,
            left.CanBeEmpty && right.CanBeEmpty);
    }

    private static Stretch InChoice(Stretch left, Stretch right) =>
        new([.. left.First, .. right.First], [.. left.Last, .. right.Last], left.CanBeEmpty || right.CanBeEmpty);

    private static Stretch Looped(Stretch body)
    {
        Link(body.Last, body.First);
        return body;
    }

    private static void Link(IEnumerable<Node> from, IEnumerable<Node> to)
    {
        foreach (var left in from)
        {
            foreach (var right in to)
                left.Lead(right);
        }
    }

    private void CheckNothingFollowsRestOfLine()
    {
        var swallower = _nodes.OfType<ParameterNode>().FirstOrDefault(node => node.Type.TakesRestOfLine && node.Next.Count > 0);
        if (swallower is not null)
            throw new NotationException(Notation, $"nothing can follow <{swallower.Name}>, which takes the rest of the line");
    }
}
