using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace VSwitch.Commands.Tests;

public class PropertyTests
{
    private static readonly CommandTable<ToySwitch> Table = ToyTable.Create();
    private static readonly Interpreter<ToySwitch> Toy = new(Table);
    private static readonly Session[] Sessions = [.. Table.Modes.Select(SessionIn)];

    /// <summary>Words that lead deep into the grammar, and what is between them.</summary>
    private static readonly string[] Pieces =
        [.. Table.Modes.SelectMany(mode => mode.Commands).SelectMany(command => Manual.Samples(Table, command))
            .SelectMany(sample => sample.Split(' ')).Distinct(),
            "no", "default", "do", "end",
            "|", "\"", "'", " ", "?", "!", "include", "json", "head", "(", "[a", "\t", "é", "\0", "veth",
            "9999999999999999999999"];

    private static readonly Gen<string> RandomText = Gen.OneOf(
        Gen.Choose(0, 255).ArrayOf().Select(bytes => Encoding.Latin1.GetString([.. bytes.Select(b => (byte)b)])),
        Gen.Choose(0, 255).ArrayOf().Select(bytes => Encoding.UTF8.GetString([.. bytes.Select(b => (byte)b)])),
        Gen.Elements(Pieces).ArrayOf().Select(pieces => string.Join(' ', pieces)),
        Gen.Elements(Pieces).ArrayOf().Select(string.Concat));

    private static readonly Arbitrary<(Session Session, string Text)> Anything =
        (from session in Gen.Elements(Sessions) from text in RandomText select (session, text)).ToArbitrary();

    [Fact]
    public void Help_never_throws() => Check(Anything, input => Toy.Help(input.Session, input.Text).ToText(0).Length > 0);

    [Fact]
    public void Completion_never_throws_and_continues_what_is_typed() => Check(Anything, input =>
    {
        var completion = Toy.Complete(WithObjects(), input.Session, input.Text);
        var word = input.Text[completion.Column..];
        return completion.Candidates.All(candidate => candidate.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                                                      && Toy.Help(input.Session, input.Text).Error is null);
    });

    [Fact]
    public void Execution_never_throws_and_its_session_is_one_of_ours() => Check(Anything, input =>
    {
        var result = Toy.Execute(WithObjects(), input.Session, input.Text);
        return result.Ok != (result.Error is not null)
               && (result.ErrorColumn is not { } column || (column >= 0 && column <= input.Text.Length))
               && Session.TryParse(result.Session.ToText(), out var again) && again.Equals(result.Session);
    });

    [Fact]
    public void Reading_a_session_never_throws() =>
        Check(RandomText.ToArbitrary(), text => !Session.TryParse(text, out var session) || session.ToText().Length >= 0);

    [Fact]
    public void The_notation_parser_throws_its_own_exception_only()
    {
        var symbols = Gen.Elements("a", "<b:word>", "<", ">", "{", "}", "[", "]", "|", "...", "x:", " ", ":", ".");
        Check(symbols.ArrayOf().Select(string.Concat).ToArbitrary(), text =>
        {
            try
            {
                var shown = NotationParser.Parse(text).ToString();
                return NotationParser.Parse(shown).ToString() == shown;
            }
            catch (NotationException)
            {
                return true;
            }
        });
    }

    /// <summary>
    /// Completion is the judge of uniqueness: a prefix for which it offers one keyword alone stands for that keyword.
    /// </summary>
    [Fact]
    public void Unique_prefixes_lead_to_the_same_command()
    {
        var samples = Table.Modes.Zip(Sessions).SelectMany(mode => mode.First.Commands
            .SelectMany(command => Manual.Samples(Table, command))
            .Select(sample => (Session: mode.Second, Sample: sample))).ToArray();
        var cases = from chosen in Gen.Elements(samples) from cuts in Gen.Choose(1, 20).ListOf(40) select (chosen, cuts);
        var abbreviated = 0;
        Check(cases.ToArbitrary(), input =>
        {
            var (session, sample) = input.chosen;
            var line = "";
            foreach (var (word, cut) in sample.Split(' ').Zip(input.cuts))
            {
                var prefix = word[..Math.Min(cut, word.Length)];
                var isUnique = Toy.Complete(new ToySwitch(), session, line + prefix).Candidates is [var only] && only == word
                               && Toy.Help(session, line + prefix).Entries is [{ Token: var token }] && token == word;
                abbreviated += isUnique && prefix != word ? 1 : 0;
                line += (isUnique ? prefix : word) + " ";
            }
            var expected = Toy.Find(session, sample);
            return expected is not null && Toy.Find(session, line) == expected;
        });
        Assert.True(abbreviated > 100, $"only {abbreviated} words were abbreviated");
    }

    private static void Check<T>(Arbitrary<T> inputs, Func<T, bool> holds) =>
        Prop.ForAll(inputs, holds).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static ToySwitch WithObjects()
    {
        var toy = new ToySwitch();
        Toy.Replay(toy, Sessions[1], ["vlan 1", "ip access-list web", "port-profile web", "interface Vethernet1-3"]);
        return toy;
    }

    private static Session SessionIn(Mode<ToySwitch> mode)
    {
        var key = mode.Name switch { "config-vlan" => "1", "config-if" => "Vethernet1,Vethernet2", _ => "web" };
        var level = new Level(mode.Name, mode.Prompt, mode.Parent?.Parent is null ? "" : key);
        return mode.Parent is null ? Toy.Start("switch") : SessionIn(mode.Parent).Enter(level);
    }
}
