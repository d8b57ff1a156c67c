namespace VSwitch.Commands;

/// <summary>
/// What may stand where the user is typing, gathered from the modes of a session: the source of both help and completion.
/// </summary>
internal sealed class Suggestions<TContext>
{
    private readonly List<Node> _nodes = [];
    private readonly List<HelpEntry> _inProgress = [];
    private readonly List<HelpEntry> _prefixes = [];
    private readonly List<HelpEntry> _ends = [];
    private Word _word;
    private Failure? _failure;

    /// <param name="modes">The modes of the session, innermost first.</param>
    /// <param name="request">The line so far.</param>
    public static Suggestions<TContext> Of(IReadOnlyList<CompiledMode<TContext>> modes, Request request)
    {
        var suggestions = new Suggestions<TContext>();
        suggestions.Gather(modes, request);
        return suggestions;
    }

    /// <summary>Tokens in order, values before keywords as in ASCII; what ends the line comes last.</summary>
    public HelpText ToHelp()
    {
        if (IsEmpty)
        {
            var failure = _failure ?? Failure.Invalid(_word.Column);
            return new HelpText([]) { Error = failure.Message, ErrorColumn = failure.Column };
        }
        var entries = _nodes.Select(EntryOf).Concat(_inProgress).Concat(_prefixes)
            .GroupBy(entry => entry.Token).Select(same => same.FirstOrDefault(entry => entry.Help.Length > 0) ?? same.First())
            .OrderBy(entry => entry.Token, StringComparer.Ordinal);
        return new HelpText([.. entries, .. _ends]);
    }

    public Completion ToCompletion(Func<ParameterType, IEnumerable<string>> candidatesOf)
    {
        var words = _nodes.SelectMany(node => node is ParameterNode parameter
                ? candidatesOf(parameter.Type).Where(text => text.StartsWith(_word.Text, StringComparison.OrdinalIgnoreCase))
                : [((KeywordNode)node).Text])
            .Concat(_prefixes.Select(entry => entry.Token));
        return new Completion(_word.Column, [.. words.Distinct().Order(StringComparer.Ordinal)]);
    }

    private bool IsEmpty => _nodes.Count + _inProgress.Count + _prefixes.Count + _ends.Count == 0;

    private static HelpEntry EntryOf(Node node) => node is ParameterNode parameter
        ? new HelpEntry(parameter.Type.Hint, parameter.Help)
        : new HelpEntry(((KeywordNode)node).Text, ((KeywordNode)node).Help);

    /// <summary>Takes the innermost mode that has anything to offer.</summary>
    private void Gather(IReadOnlyList<CompiledMode<TContext>> modes, Request request)
    {
        foreach (var mode in modes)
        {
            var isExec = mode.Mode.Parent is null;
            if (request.ExecOnly && !isExec)
                continue;
            var inFilter = isExec && request.Filters.Count > 0;
            var line = inFilter ? request.Filters[^1] : isExec ? request.Command : request.Whole;
            _word = line.Words[^1];
            Take(inFilter ? FilterTable.LookAhead(line) : mode.LookAhead(line, request.Form), hasReport: isExec);
            if (line.Words.Count == 1 && !inFilter)
                TakePrefixes(mode, modes[^1], request);
            if (!IsEmpty || _failure is { IsAmbiguous: true })
                return;
        }
    }

    private void Take(Outlook outlook, bool hasReport)
    {
        if (outlook.Failure is not null)
            _failure = Failure.Better(_failure, outlook.Failure);
        _nodes.AddRange(outlook.Next);
        _inProgress.AddRange(outlook.InProgress.Select(EntryOf));
        if (!outlook.CanEnd)
            return;
        if (hasReport)
            _ends.Add(BuiltIn.Pipe);
        _ends.Add(BuiltIn.End);
    }

    /// <summary>Adds, at the start of a line, what is understood in every mode.</summary>
    private void TakePrefixes(CompiledMode<TContext> mode, CompiledMode<TContext> exec, Request request)
    {
        if (request.Form != CommandForm.Plain || request.ExecOnly)
            return;
        if (mode.HasNegations)
            _prefixes.AddRange(BuiltIn.Negations.Where(Fits));
        if (mode == exec)
            return;
        _prefixes.AddRange(BuiltIn.DoPrefix.Where(Fits));
        var execWords = exec.LookAhead(request.Whole, CommandForm.Plain).Next;
        _nodes.AddRange(execWords.Where(node => node is KeywordNode { Text: BuiltIn.Show }));
    }

    private bool Fits(HelpEntry entry) => !_word.Quoted && entry.Token.StartsWith(_word.Text, StringComparison.OrdinalIgnoreCase);
}
