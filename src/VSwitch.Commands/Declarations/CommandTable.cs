namespace VSwitch.Commands;

/// <summary>
/// Every mode and command of a program, with what the words in them mean. The one table from which parsing, help,
/// completion, running configuration and reference manual come.
/// </summary>
/// <typeparam name="TContext">What handlers act on.</typeparam>
public sealed class CommandTable<TContext>
{
    public const string ExecMode = "exec";

    private readonly List<Mode<TContext>> _modes = [];
    private readonly List<Action> _settingDeclarations = [];
    private readonly Dictionary<string, string> _keywords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Func<TContext, IEnumerable<string>>> _candidates = new(StringComparer.Ordinal);

    public CommandTable()
    {
        Exec = new Mode<TContext>(
            ExecMode, prompt: "", "Commands that show and do things; they work in every mode", parent: null);
        _modes.Add(Exec);
    }

    /// <summary>The outermost mode. Its commands work in every other mode too.</summary>
    public Mode<TContext> Exec { get; }

    /// <summary>The modes in the order of declaration, EXEC first.</summary>
    public IReadOnlyList<Mode<TContext>> Modes => _modes;

    public ParameterTypes Types { get; } = new();

    /// <summary>Adds a mode that has no configuration object.</summary>
    public Mode<TContext> AddMode(string name, string prompt, string help, Mode<TContext> parent)
    {
        var mode = new Mode<TContext>(name, prompt, help, parent);
        _modes.Add(mode);
        return mode;
    }

    /// <summary>Adds a mode in which a configuration object is edited.</summary>
    public ConfigurationMode<TContext, TConfig> AddMode<TConfig>(
        string name, string prompt, string help, Mode<TContext> parent, ConfigurationUpdate<TContext, TConfig> update)
    {
        var mode = new ConfigurationMode<TContext, TConfig>(name, prompt, help, parent, update);
        _modes.Add(mode);
        _settingDeclarations.Add(mode.DeclareSettings);
        return mode;
    }

    /// <summary>Says what keywords mean wherever a command does not say otherwise.</summary>
    public void Explain(params IEnumerable<(string Keyword, string Help)> keywords)
    {
        foreach (var (keyword, help) in keywords)
            _keywords[keyword] = help;
    }

    /// <summary>Adds a parameter type.</summary>
    /// <param name="type">The type; one of the same name is replaced.</param>
    /// <param name="candidates">Values that completion offers, such as the names of port profiles.</param>
    public void AddType(ParameterType type, Func<TContext, IEnumerable<string>>? candidates = null)
    {
        Types.Add(type);
        if (candidates is not null)
            _candidates[type.Name] = candidates;
    }

    /// <summary>Says what completion offers for a type that is there already.</summary>
    public void Offer(string type, Func<TContext, IEnumerable<string>> candidates) => _candidates[type] = candidates;

    /// <summary>The sentence for a keyword; null if there is none.</summary>
    internal string? HelpOf(string keyword) => _keywords.GetValueOrDefault(keyword);

    internal IEnumerable<string> CandidatesOf(ParameterType type, TContext context) =>
        _candidates.TryGetValue(type.Name, out var candidates) ? candidates(context) : [];

    internal Mode<TContext>? Find(string name) => _modes.Find(mode => mode.Name == name);

    /// <summary>Turns settings into commands. Called before the commands are compiled or listed.</summary>
    internal void DeclareSettings() => _settingDeclarations.ForEach(declare => declare());
}
