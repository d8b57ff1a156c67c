namespace VSwitch.Commands;

/// <summary>
/// Changes the objects that a mode is about: one, or each of a range of interfaces. Called once per command with what the
/// command does to one object. If the object is gone, because another session has removed it, this refuses by
/// <see cref="CommandException"/>.
/// </summary>
/// <param name="context">What handlers act on.</param>
/// <param name="session">The session in that mode; its key says which object.</param>
/// <param name="change">What to do to each object; may throw <see cref="CommandException"/>, and then nothing may change.</param>
public delegate void ConfigurationUpdate<in TContext, TConfig>(TContext context, Session session, Func<TConfig, TConfig> change);

/// <summary>A mode in which a configuration object is edited.</summary>
public sealed class ConfigurationMode<TContext, TConfig> : Mode<TContext>
{
    private readonly ConfigurationUpdate<TContext, TConfig> _update;
    private int _declared;

    internal ConfigurationMode(
        string name, string prompt, string help, Mode<TContext> parent, ConfigurationUpdate<TContext, TConfig> update)
        : base(name, prompt, help, parent) => _update = update;

    /// <summary>The settings, in the order of the running configuration.</summary>
    public Settings<TContext, TConfig> Settings { get; } = new();

    /// <summary>The lines of an object, as <see cref="Settings{TContext,TConfig}.Render"/> gives them.</summary>
    public IEnumerable<string> Render(TConfig config) => Settings.Render(config);

    /// <summary>An empty line, the header, and the lines of an object two columns further in.</summary>
    public IEnumerable<string> RenderSection(string header, TConfig config) =>
        ["", header, .. Render(config).Where(line => line.Length > 0).Select(line => "  " + line)];

    /// <summary>Makes commands of the settings declared since the last call.</summary>
    internal void DeclareSettings()
    {
        for (; _declared < Settings.Items.Count; _declared++)
            Add(CommandOf(Settings.Items[_declared]));
    }

    private Command<TContext> CommandOf(Setting<TContext, TConfig> setting) => new()
    {
        Notation = setting.Notation,
        Negation = setting.Negation,
        Help = setting.Help,
        Words = setting.Words,
        Run = Silently(invocation =>
            _update(invocation.Context, invocation.Session, config => setting.Apply(config, invocation))),
        Enters = setting.Enters is { } entered ? ChildOfThis(entered.Mode, setting.Notation) : null,
        Move = setting.Enters is { } target ? invocation => Moved(invocation, target.Mode, target.Key) : null,
    };

    private static Session Moved(Invocation<TContext> invocation, Mode<TContext> mode, Func<Invocation<TContext>, string> key) =>
        invocation.Form == CommandForm.Plain
            ? invocation.Session.Enter(new Level(mode.Name, mode.Prompt, key(invocation)))
            : invocation.Session;
}
