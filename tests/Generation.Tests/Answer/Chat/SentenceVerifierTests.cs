using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Generation.Dependencies;
using RagPlatform.Generation.Features.Answer;
using RagPlatform.Generation.Features.Answer.Chat;
using RagPlatform.Generation.Features.Answer.Verification;

namespace RagPlatform.Generation.Tests.Answer.Chat;

public sealed partial class SentenceVerifierTests
{
    private const string Stored = "The limit is 25 MB per file, or 1.5 GB in all.\nIt was  raised on “2 May”; array[0] holds it. naïve 😀 text ------ ";

    [Theory]
    [InlineData("It is 25 MB. [1: \"The limit is 25 MB per file\"]", "It is 25 MB. [1]")]
    [InlineData("It is 25 MB [1: \"The limit is 25 MB\"], or 1.5 GB in all [1: \"or 1.5 GB in all\"].", "It is 25 MB [1], or 1.5 GB in all [1].")]
    [InlineData("It was raised. [ 1 : “It was raised on \"2 May\"” ]", "It was raised. [1]")]
    [InlineData("Twice. [1: \"The limit is\"] [1: \"It was raised\"]", "Twice. [1]")]
    [InlineData("So [2] it is. [1: \"The limit is\"]", "So it is. [1]")]
    public void Verify_SupportedSentence_LeavesWithItsMarkers(string sentence, string expected) =>
        Verifier(out _).Verify(sentence).ShouldBe(expected);

    [Theory]
    [InlineData("It is 25 MB.")]
    [InlineData("It is 5 MB. [1: \"5 MB per file\"]")]
    [InlineData("It is 5 GB. [1: \"5 GB in all\"]")]
    [InlineData("It is 26 MB. [1: \"The limit is 25 MB\"]")]
    [InlineData("It is 25 MB. [1: \"The limit is 25 MB for ever\"]")]
    [InlineData("It is 25 MB. [2: \"The limit is 25 MB\"]")]
    [InlineData("It is 25 MB. [0: \"The limit is 25 MB\"]")]
    [InlineData("It is 25 MB. [99999999999999: \"The limit is 25 MB\"]")]
    [InlineData("It is 25 MB. [1: \"25 MB\"]")]
    [InlineData("It is so. [1: \"------\"]")]
    [InlineData("It is 25 MB. [1: \"\"]")]
    [InlineData("[1: \"The limit is 25 MB\"]")]
    [InlineData("It is 25 MB. [[1: \"no such words\"]1]")]
    public void Verify_UnsupportedSentence_IsRemovedAndCounted(string sentence)
    {
        var verifier = Verifier(out _);

        verifier.Verify(sentence).ShouldBeNull();

        verifier.Citations.ShouldBeEmpty();
        verifier.UnsupportedSentences.ShouldBe(1);
    }

    [Theory]
    [InlineData("Known. [1: \"The limit is\"] [[1]1]")]
    [InlineData("Known. [1: \"The limit is\"] [[2: \"forged words\"]2]")]
    [InlineData("Known. [1: \"The limit is\"] [ [ 3")]
    [InlineData("Known \uE000 \uE000. [1: \"The limit is\"]")]
    public void Verify_ModelForgesMarkers_NoneIsLeft(string sentence)
    {
        var text = Verifier(out _).Verify(sentence);

        (text is null ? 0 : Marker.Count(text)).ShouldBeLessThanOrEqualTo(1);
        Marker.Matches(text ?? "").ShouldAllBe(match => match.Value == "[1]");
    }

    [Fact]
    public void Verify_AnyText_CitesOnlyWhatIsStoredWhereItIsStored()
    {
        var verify = Prop.ForAll(Arb.From(HostileSentences), sentence =>
        {
            var verifier = Verifier(out var start);
            var text = verifier.Verify(sentence);
            return verifier.Citations.All(citation => Stored[(citation.Start - start)..(citation.End - start)] == citation.Quote)
                && (text is null) == (verifier.Citations.Count == 0)
                && Marker.Matches(text ?? "").All(match => match.Value == "[1]");
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20260717, 1), verify);
    }

    [Fact]
    public void Sentences_AnyCuttingOfTheStream_GivesTheSameSentences()
    {
        var cuts = Prop.ForAll(Arb.From(HostileSentences.ListOf(3)), Arb.From(Gen.Choose(1, 7)), (parts, size) =>
        {
            var text = string.Join(" ", parts);
            return Read(text.Chunk(size).Select(piece => new string(piece))).SequenceEqual(Read([text]));
        });

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500).WithReplay(20260717, 1), cuts);
    }

    [Theory]
    [InlineData("One. Two? Three!", "One.|Two?|Three!")]
    [InlineData("It is 3.5 in Program.cs, e.g. here. [1: \"a. b. c\"] [2: \"d\"] Next.", "It is 3.5 in Program.cs, e.g. here. [1: \"a. b. c\"] [2: \"d\"]|Next.")]
    [InlineData("A [1: \"x\"]. B [1: \"y\"].", "A [1: \"x\"].|B [1: \"y\"].")]
    [InlineData("1. First. [1: \"x\"]\n2. Second. [1: \"y\"]", "1. First. [1: \"x\"]|2. Second. [1: \"y\"]")]
    [InlineData("In the U.S. Army. [1: \"x\"] Open [1: \"never closed", "In the U.S. Army. [1: \"x\"]|Open [1: \"never closed")]
    public void Sentences_OfAText_EndWhereTheNextBegins(string text, string expected) =>
        string.Join('|', Read([text])).ShouldBe(expected);

    [Fact]
    public void Sentences_OneThatNeverEnds_IsGivenUpAndCounted()
    {
        var sentences = new AnswerSentences();

        for (var i = 0; i < 100; i++)
        {
            sentences.Append(new string('x', 1000)).ShouldBeEmpty();
        }

        sentences.GivenUp.ShouldBePositive();
    }

    /// <summary>Pieces of markers, of the stored text, and of what would break a careless reader.</summary>
    private static Gen<string> HostileSentences
    {
        get
        {
            var marks = Gen.Elements("[", "]", "[1: \"", "\"]", "[1]", "[2: \"", "[ ", "\"", "“", "”", "\\\"", ". ", "\n", "7", "25", "1.5", "[1, 2]", "\uE000", "😀", "\ud83d", "-");
            var words = from at in Gen.Choose(0, Stored.Length - 1)
                        from length in Gen.Choose(1, 30)
                        select Stored.Substring(at, Math.Min(length, Stored.Length - at));
            var whole = words.Select(quote => $"Said. [1: \"{quote}\"] ");
            return Gen.OneOf(marks, words, whole).ListOf(8).Select(pieces => string.Concat(pieces));
        }
    }

    private static List<string> Read(IEnumerable<string> pieces)
    {
        var sentences = new AnswerSentences();
        var read = pieces.SelectMany(sentences.Append).ToList();
        return [.. read.Concat(sentences.Complete()).Select(sentence => sentence.Text)];
    }

    private static SentenceVerifier Verifier(out int start)
    {
        start = 40;
        var source = new Source(1, "c", "d", 3, "", "", [], "what retrieval claims", start, start + Stored.Length, 1, 1, 1, new Dictionary<string, string>());
        var stored = StoredSources.ReadAsync(new OneText(Stored), new AnswerQuestion("acme", "docs", "q", "", 8), [source], CancellationToken.None);
        return new SentenceVerifier(stored.GetAwaiter().GetResult(), "What is the limit?");
    }

    private sealed class OneText(string text) : IStoredTextReader
    {
        public Task<IReadOnlyList<StoredPassage?>> ReadAsync(string tenant, string collection, IReadOnlyList<StoredRange> ranges, bool widen, CancellationToken cancellationToken) =>
            Task.FromResult<IReadOnlyList<StoredPassage?>>([.. ranges.Select(range => new StoredPassage(text, range.Start, range.End, ""))]);
    }

    [GeneratedRegex(@"\[\s*\d+[^\]]*\]", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Marker { get; }
}
