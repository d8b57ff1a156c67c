namespace VSwitch.Commands;

/// <summary>
/// What a line said: the values by the names of their parameters, and the keywords that were typed (in full, however they
/// were abbreviated). Names inside a labelled group carry the label: <c>src.any</c>.
/// </summary>
public sealed class Arguments
{
    private readonly List<(string Key, object? Value)> _bindings;

    internal Arguments(IEnumerable<(string Key, object? Value)> bindings) => _bindings = [.. bindings];

    /// <summary>True if the keyword was typed or the parameter has a value.</summary>
    public bool Has(string key) => _bindings.Exists(binding => binding.Key == key);

    /// <summary>The value of a parameter.</summary>
    /// <exception cref="KeyNotFoundException">The line has no such value: the declaration does not ask for it.</exception>
    /// <exception cref="InvalidCastException">The value is of another type.</exception>
    public T Get<T>(string name) =>
        TryGet<T>(name, out var value) ? value : throw new KeyNotFoundException($"The line has no value for <{name}>.");

    /// <summary>The value of a parameter, or what to take if the line leaves it out.</summary>
    public T Get<T>(string name, T otherwise) => TryGet<T>(name, out var value) ? value : otherwise;

    public bool TryGet<T>(string name, out T value)
    {
        var binding = _bindings.Find(binding => binding.Key == name && binding.Value is not null);
        value = binding.Value is null ? default! : (T)binding.Value;
        return binding.Value is not null;
    }

    /// <summary>Every value of a parameter that repeats, in the order typed.</summary>
    public IReadOnlyList<T> GetAll<T>(string name) =>
        [.. _bindings.Where(binding => binding.Key == name && binding.Value is not null).Select(binding => (T)binding.Value!)];

    /// <summary>The first of these keywords that was typed, or null: <c>Which("in", "out")</c>.</summary>
    public string? Which(params IEnumerable<string> keywords) => keywords.FirstOrDefault(Has);
}
