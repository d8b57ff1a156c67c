namespace VSwitch.Commands;

/// <summary>
/// Reads the notation in which commands are declared:
/// <code>
/// alternatives = sequence { "|" sequence }
/// sequence     = item { item }
/// item         = ( word | "&lt;" name [ ":" type ] "&gt;" | [ label ":" ] group ) [ "..." ]
/// group        = "{" alternatives "}" | "[" alternatives "]"
/// </code>
/// A label stands before a group only. It names the group, so that <c>src:{any|host &lt;address:ipv4&gt;}</c> and the same
/// group under <c>dst:</c> give their handler <c>src.any</c> and <c>dst.address</c>.
/// </summary>
internal sealed class NotationParser
{
    private const string Symbols = "{}[]|";
    private const string Ellipsis = "...";

    private readonly string _command;
    private readonly List<string> _tokens;
    private int _next;

    private NotationParser(string command)
    {
        _command = command;
        _tokens = [.. Split(command)];
    }

    /// <exception cref="NotationException">The text is not in the notation.</exception>
    public static Expression Parse(string command)
    {
        var parser = new NotationParser(command);
        var whole = parser.Alternatives(scope: "");
        return parser.Peek is { } left ? throw parser.Wrong($"\"{left}\" does not belong there") : whole;
    }

    private string? Peek => _next < _tokens.Count ? _tokens[_next] : null;

    private Expression Alternatives(string scope)
    {
        var options = new List<Expression> { Items(scope) };
        while (Accept("|"))
            options.Add(Items(scope));
        return options.Count == 1 ? options[0] : new Choice(options);
    }

    private Expression Items(string scope)
    {
        var items = new List<Expression>();
        while (Peek is not (null or "|" or "}" or "]"))
            items.Add(Item(scope));
        return items.Count switch
        {
            0 => throw Wrong(Peek is { } token ? $"nothing stands before \"{token}\"" : "nothing stands at the end"),
            1 => items[0],
            _ => new Sequence(items),
        };
    }

    private Expression Item(string scope)
    {
        var item = Single(scope);
        return Accept(Ellipsis) ? new Repeat(item) : item;
    }

    private Expression Single(string scope)
    {
        var token = _tokens[_next++];
        switch (token)
        {
            case "{":
                return Closed(Alternatives(scope), "}");
            case "[":
                return new Optional(Closed(Alternatives(scope), "]"));
            case Ellipsis:
                throw Wrong("there is nothing for \"...\" to repeat");
        }
        if (token[0] == '<')
            return ParameterOf(token, scope);
        var isLabel = token.EndsWith(':');
        var word = isLabel ? token[..^1] : token;
        if (!IsWord(word))
            throw Wrong($"\"{token}\" is no keyword");
        if (!isLabel)
            return new Literal(word, scope + word);
        if (Peek is not ("{" or "["))
            throw Wrong($"the label \"{token}\" is not followed by a group");
        return Single($"{scope}{word}.");
    }

    private Parameter ParameterOf(string token, string scope)
    {
        if (token[^1] != '>')
            throw Wrong($"\"{token}\" is not closed");
        var inner = token[1..^1];
        var colon = inner.IndexOf(':', StringComparison.Ordinal);
        var (name, type) = colon < 0 ? (inner, inner) : (inner[..colon], inner[(colon + 1)..]);
        return name.Length == 0 || type.Length == 0
            ? throw Wrong($"\"{token}\" needs a name and a type")
            : new Parameter(name, scope + name, type);
    }

    private Expression Closed(Expression inner, string close) =>
        Accept(close) ? inner : throw Wrong($"\"{close}\" is missing");

    /// <summary>Keywords are such as <c>port-profile</c>, <c>802.1q</c> or <c>-i</c>.</summary>
    private static bool IsWord(string text) =>
        text.Length > 0 && text[^1] != '.' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private bool Accept(string token)
    {
        if (Peek != token)
            return false;
        _next++;
        return true;
    }

    private NotationException Wrong(string problem) => new(_command, problem);

    private static IEnumerable<string> Split(string text)
    {
        for (int start = 0, end; start < text.Length; start = end)
        {
            end = TokenEnd(text, start);
            if (text[start] != ' ')
                yield return text[start..end];
        }
    }

    private static int TokenEnd(string text, int start)
    {
        if (text[start] == ' ' || Symbols.Contains(text[start], StringComparison.Ordinal))
            return start + 1;
        if (text.AsSpan(start).StartsWith(Ellipsis))
            return start + Ellipsis.Length;
        if (text[start] == '<')
        {
            var close = text.IndexOf('>', start);
            return close < 0 ? text.Length : close + 1;
        }
        var end = start + 1;
        while (end < text.Length && text[end] is not (' ' or '<') && !Symbols.Contains(text[end], StringComparison.Ordinal)
               && !text.AsSpan(end).StartsWith(Ellipsis))
            end++;
        return end;
    }
}
