using System.Globalization;
using System.Text.Json.Nodes;

namespace VSwitch.Commands;

/// <summary>
/// One value of a report in its two forms: the text a person reads and what a machine reads. Numbers stay numbers, an
/// interface is <c>Veth5</c> to the one and <c>Vethernet5</c> to the other.
/// </summary>
public readonly struct Value
{
    private readonly string? _text;
    private readonly Func<JsonNode?>? _machine;

    private Value(string text, Func<JsonNode?>? machine)
    {
        _text = text;
        _machine = machine;
    }

    /// <summary>Nothing: an empty text, JSON null.</summary>
    public static Value None => default;

    /// <summary>The text of a person's report.</summary>
    public string Text => _text ?? "";

    /// <summary>A value whose two forms differ, such as <c>Value.Of("2 day(s)", 172800)</c>.</summary>
    public static Value Of(string text, Value machine) => new(text, machine._machine);

    /// <summary>Several values, joined for a person and an array for a machine.</summary>
    public static Value List(IEnumerable<Value> values, string separator = ", ")
    {
        Value[] items = [.. values];
        return new(
            string.Join(separator, items.Select(item => item.Text)),
            () => new JsonArray([.. items.Select(item => item.ToJson())]));
    }

    /// <summary>A new node; null for <see cref="None"/>.</summary>
    public JsonNode? ToJson() => _machine?.Invoke();

    public override string ToString() => Text;

    public static implicit operator Value(string? text) => text is null ? None : new(text, () => JsonValue.Create(text));

    public static implicit operator Value(bool flag) => new(flag ? "yes" : "no", () => JsonValue.Create(flag));

    public static implicit operator Value(long number) =>
        new(number.ToString(CultureInfo.InvariantCulture), () => JsonValue.Create(number));

    public static implicit operator Value(int number) => (long)number;

    public static implicit operator Value(uint number) => (long)number;

    public static implicit operator Value(ulong number) =>
        new(number.ToString(CultureInfo.InvariantCulture), () => JsonValue.Create(number));

    public static implicit operator Value(double number) =>
        new(number.ToString(CultureInfo.InvariantCulture), () => double.IsFinite(number) ? JsonValue.Create(number) : null);

    public static implicit operator Value(InterfaceName name) => new(name.Short, () => JsonValue.Create(name.ToString()));

    public static implicit operator Value(NumberSet? numbers) => numbers?.ToString();
}
