namespace VSwitch.Commands;

/// <summary>
/// What a declaration in the notation of the manuals says, as a tree:
/// <c>ip access-group &lt;acl:name&gt; {in|out}</c>. <see cref="object.ToString"/> gives the text for a manual back,
/// with labels and parameter types left out.
/// </summary>
internal abstract record Expression;

/// <summary>A keyword. The key is its text behind the labels of the groups around it, such as <c>src.any</c>.</summary>
internal sealed record Literal(string Text, string Key) : Expression
{
    public override string ToString() => Text;
}

/// <summary>A place for a value: <c>&lt;name:type&gt;</c>. <c>&lt;name&gt;</c> alone means a type of the same name.</summary>
internal sealed record Parameter(string Name, string Key, string TypeName) : Expression
{
    public override string ToString() => $"<{Name}>";
}

/// <summary>Items that follow one another.</summary>
internal sealed record Sequence(IReadOnlyList<Expression> Items) : Expression
{
    public override string ToString() => string.Join(' ', Items);
}

/// <summary>Exactly one of several: <c>{a|b}</c>.</summary>
internal sealed record Choice(IReadOnlyList<Expression> Options) : Expression
{
    public override string ToString() => $"{{{string.Join('|', Options)}}}";
}

/// <summary>One of several or nothing: <c>[a|b]</c>.</summary>
internal sealed record Optional(Expression Item) : Expression
{
    public override string ToString() => Item is Choice choice ? $"[{string.Join('|', choice.Options)}]" : $"[{Item}]";
}

/// <summary>Once or more: <c>&lt;id:number&gt;...</c> or <c>{ack|fin|syn}...</c>.</summary>
internal sealed record Repeat(Expression Item) : Expression
{
    public override string ToString() => Item + "...";
}
