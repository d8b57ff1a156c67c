namespace VSwitch.Commands;

/// <summary>A mode of the command line with its commands. Modes are made by <see cref="CommandTable{TContext}"/>.</summary>
public class Mode<TContext>
{
    private readonly List<Command<TContext>> _commands = [];

    internal Mode(string name, string prompt, string help, Mode<TContext>? parent)
    {
        Name = name;
        Prompt = prompt;
        Help = help;
        Parent = parent;
    }

    /// <summary>The name, unique in the table.</summary>
    public string Name { get; }

    /// <summary>What the prompt shows between parentheses; several modes may show the same. Empty in the EXEC mode.</summary>
    public string Prompt { get; }

    /// <summary>One sentence for the reference manual.</summary>
    public string Help { get; }

    /// <summary>The mode around this one, whose commands can be given here too; null for the EXEC mode.</summary>
    public Mode<TContext>? Parent { get; }

    /// <summary>The commands in the order of declaration.</summary>
    public IReadOnlyList<Command<TContext>> Commands => _commands;

    /// <summary>Declares a command that answers with a report.</summary>
    /// <param name="notation">How it is written.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="show">Makes the report. To refuse, throw <see cref="CommandException"/>.</param>
    /// <param name="words">Sentences for words that differ from the table's.</param>
    public Command<TContext> Show(string notation, string help, Func<Invocation<TContext>, Report> show, Words? words = null) =>
        Add(new Command<TContext> { Notation = notation, Help = help, Words = words ?? Words.None, Run = show });

    /// <summary>Declares a command that does something and says nothing.</summary>
    /// <param name="notation">How it is written.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="act">Does it. To refuse, throw <see cref="CommandException"/>.</param>
    /// <param name="no">How the forms <c>no</c> and <c>default</c> are written, without these words; null for none.</param>
    /// <param name="words">Sentences for words that differ from the table's.</param>
    public Command<TContext> Act(
        string notation, string help, Action<Invocation<TContext>> act, string? no = null, Words? words = null) =>
        Add(new Command<TContext>
        {
            Notation = notation,
            Negation = no,
            Help = help,
            Words = words ?? Words.None,
            Run = Silently(act),
        });

    /// <summary>Declares a command that leads to a mode of which this one is the parent.</summary>
    /// <param name="notation">How it is written.</param>
    /// <param name="help">One sentence.</param>
    /// <param name="mode">The mode.</param>
    /// <param name="key">What the mode will be about.</param>
    /// <param name="show">What is printed on the way.</param>
    /// <param name="words">Sentences for words that differ from the table's.</param>
    public Command<TContext> Enter(
        string notation, string help, Mode<TContext> mode, Func<Invocation<TContext>, string>? key = null,
        Func<Invocation<TContext>, Report>? show = null, Words? words = null) =>
        Add(new Command<TContext>
        {
            Notation = notation,
            Help = help,
            Words = words ?? Words.None,
            Run = show ?? (_ => Report.Empty),
            Enters = ChildOfThis(mode, notation),
            Move = invocation => invocation.Session.Enter(new Level(mode.Name, mode.Prompt, key?.Invoke(invocation) ?? "")),
        });

    internal Command<TContext> Add(Command<TContext> command)
    {
        _commands.Add(command);
        return command;
    }

    internal static Func<Invocation<TContext>, Report> Silently(Action<Invocation<TContext>> act) => invocation =>
    {
        act(invocation);
        return Report.Empty;
    };

    internal Mode<TContext> ChildOfThis(Mode<TContext> mode, string notation) => mode.Parent == this
        ? mode
        : throw new NotationException(notation, $"mode \"{mode.Name}\" does not lie inside mode \"{Name}\"");
}
