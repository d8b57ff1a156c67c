namespace VSwitch.Hosting;

/// <summary>
/// Reads the arguments of a program one by one. An option's value is the next argument, or stands behind an equals sign:
/// <c>--vsm ADDR</c> or <c>--vsm=ADDR</c>. Behind <c>--</c> there are no options.
/// </summary>
public sealed class ArgumentReader(IReadOnlyList<string> arguments)
{
    private int _next;
    private bool _optionsEnded;
    private string? _attachedValue;

    /// <summary>The option's name with its dashes, or the word.</summary>
    public string Current { get; private set; } = "";

    /// <summary>Whether <see cref="Current"/> is an option. A lone dash is a word.</summary>
    public bool IsOption { get; private set; }

    public bool MoveNext()
    {
        RefuseAttachedValue();
        if (_next < arguments.Count && arguments[_next] == "--" && !_optionsEnded)
        {
            _optionsEnded = true;
            _next++;
        }

        if (_next == arguments.Count)
            return false;

        Current = arguments[_next++];
        IsOption = !_optionsEnded && Current.Length > 1 && Current[0] == '-';
        if (IsOption && Current.StartsWith("--", StringComparison.Ordinal) && Current.IndexOf('=') is > 0 and var equals)
            (Current, _attachedValue) = (Current[..equals], Current[(equals + 1)..]);
        return true;
    }

    /// <summary>The value of the current option.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    public string Value()
    {
        string? value = _attachedValue ?? (_next < arguments.Count ? arguments[_next++] : null);
        _attachedValue = null;
        return value is { Length: > 0 } ? value : throw new UsageException($"The option '{Current}' needs a value.");
    }

    /// <summary>The value of the current option, a number.</summary>
    /// <exception cref="UsageException">There is none, or it is less or more than the option takes.</exception>
    public uint Number(uint min = 1, uint max = uint.MaxValue)
    {
        string value = Value();
        if (uint.TryParse(value, out uint number) && number >= min && number <= max)
            return number;
        string to = max == uint.MaxValue ? "" : $" to {max}";
        throw new UsageException($"'{value}' is not a value for '{Current}'; it is a number from {min}{to}.");
    }

    private void RefuseAttachedValue()
    {
        if (_attachedValue is not null)
            throw new UsageException($"The option '{Current}' takes no value.");
    }
}
