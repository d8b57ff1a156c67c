namespace VSwitch.Commands;

/// <summary>
/// A place in a command at which one keyword or value stands. The edges lead to what may follow. The graph of a command
/// is its Glushkov automaton: one node per token of the declaration, none without a token but the start.
/// </summary>
internal abstract class Node
{
    private readonly List<Node> _next = [];

    /// <summary>What may follow, in the order of the declaration, each once.</summary>
    public IReadOnlyList<Node> Next => _next;

    /// <summary>True if the command may end here.</summary>
    public bool IsFinal { get; set; }

    public void Lead(Node node)
    {
        if (!_next.Contains(node))
            _next.Add(node);
    }
}

internal sealed class StartNode : Node;

/// <param name="literal">The keyword.</param>
/// <param name="help">What it means in this command.</param>
internal sealed class KeywordNode(Literal literal, string help) : Node
{
    public string Text => literal.Text;

    public string Key => literal.Key;

    public string Help => help;
}

/// <param name="parameter">The name of the value.</param>
/// <param name="type">The type that reads it.</param>
/// <param name="help">What it means in this command.</param>
internal sealed class ParameterNode(Parameter parameter, ParameterType type, string help) : Node
{
    public string Name => parameter.Name;

    public string Key => parameter.Key;

    public ParameterType Type => type;

    public string Help => help;
}
