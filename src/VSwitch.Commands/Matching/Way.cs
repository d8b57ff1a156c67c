namespace VSwitch.Commands;

/// <summary>
/// How far one command has matched a line: the node it stands on, the words it has taken, and the way before that. Ways
/// share their beginnings.
/// </summary>
/// <param name="Graph">The command.</param>
/// <param name="Node">The node of the last token taken, or the start.</param>
/// <param name="WordsTaken">How many words of the line the way has used up.</param>
/// <param name="Value">The value of the last token, if it is a parameter's.</param>
/// <param name="Before">The way without its last token; null at the start.</param>
internal sealed record Way(Graph Graph, Node Node, int WordsTaken, object? Value, Way? Before)
{
    public static Way StartOf(Graph graph) => new(graph, graph.Start, 0, null, null);

    public Way Step(Node node, int words, object? value) => new(Graph, node, WordsTaken + words, value, this);

    public Arguments Arguments()
    {
        var bindings = new List<(string, object?)>();
        for (var way = this; way is not null; way = way.Before)
        {
            if (way.Node is KeywordNode keyword)
                bindings.Add((keyword.Key, null));
            else if (way.Node is ParameterNode parameter)
                bindings.Add((parameter.Key, way.Value));
        }
        bindings.Reverse();
        return new Arguments(bindings);
    }
}
