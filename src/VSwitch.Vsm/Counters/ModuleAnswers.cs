using VSwitch.Commands;
using VSwitch.Protocol;

namespace VSwitch.Vsm;

/// <summary>What the connected modules answered to one question.</summary>
public sealed class ModuleAnswers
{
    private readonly (Module Module, Answer? Answer)[] _answers;

    private ModuleAnswers((Module, Answer?)[] answers) => _answers = answers;

    /// <summary>Asks modules at the same time and waits for the last of them, or for the deadline.</summary>
    public static async Task<ModuleAnswers> AskAsync(IEnumerable<Module> modules, Func<Question> question) =>
        new(await Task.WhenAll(modules.Select(async module =>
            (module, module.Session is { } session ? await session.AskAsync(question()) : null))));

    /// <summary>The same for a command, which has its thread to itself.</summary>
    public static ModuleAnswers Ask(IEnumerable<Module> modules, Func<Question> question) =>
        AskAsync(modules, question).GetAwaiter().GetResult();

    public IEnumerable<(Module Module, Answer Answer)> Given =>
        _answers.Where(pair => pair.Answer is not null).Select(pair => (pair.Module, pair.Answer!));

    /// <summary>A line for each module that did not answer, to print below what is incomplete for want of it.</summary>
    public Lines Missing => new(_answers.Where(pair => pair.Answer is null)
        .Select(pair => $"% No answer from {pair.Module} within {Questions.Deadline.TotalSeconds:0} seconds."));
}
