namespace VSwitch.Commands;

/// <summary>One command on its way to its handler.</summary>
/// <typeparam name="TContext">What handlers act on.</typeparam>
public sealed class Invocation<TContext>
{
    internal Invocation(TContext context, Session session, CommandForm form, Arguments arguments, string line)
    {
        Context = context;
        Session = session;
        Form = form;
        Arguments = arguments;
        Line = line;
    }

    public TContext Context { get; }

    /// <summary>The session in the mode to which the command belongs.</summary>
    public Session Session { get; }

    public CommandForm Form { get; }

    public Arguments Arguments { get; }

    /// <summary>The line as typed.</summary>
    public string Line { get; }

    public bool IsNo => Form == CommandForm.No;

    public bool IsDefault => Form == CommandForm.Default;

    /// <summary>What the current mode is about, such as <c>Vethernet1</c>.</summary>
    public string Key => Session.Key;

    /// <inheritdoc cref="Arguments.Has"/>
    public bool Has(string key) => Arguments.Has(key);

    /// <inheritdoc cref="Arguments.Get{T}(string)"/>
    public T Get<T>(string name) => Arguments.Get<T>(name);

    /// <inheritdoc cref="Arguments.Get{T}(string, T)"/>
    public T Get<T>(string name, T otherwise) => Arguments.Get(name, otherwise);

    /// <inheritdoc cref="Arguments.TryGet{T}"/>
    public bool TryGet<T>(string name, out T value) => Arguments.TryGet(name, out value);

    /// <inheritdoc cref="Arguments.GetAll{T}"/>
    public IReadOnlyList<T> GetAll<T>(string name) => Arguments.GetAll<T>(name);

    /// <inheritdoc cref="Arguments.Which"/>
    public string? Which(params IEnumerable<string> keywords) => Arguments.Which(keywords);
}
