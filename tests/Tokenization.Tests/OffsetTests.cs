using FsCheck;
using FsCheck.Fluent;

namespace RagPlatform.Tokenization.Tests;

public sealed class OffsetTests
{
    private static readonly WordPieceTokenizer Tokenizer = Tokenizers.Of(
        "a", "##a", "ab", "##b", "e", "##e", "東", "=", ".", "\u1100", "##\u1161", "##\u11A8", "\U0001F680", "##\U0001F680", "i", "ß");

    private static readonly string[] Alphabet =
    [
        "a", "b", "A", "z", " ", "\n", ".", "=", "e", "\u0301", "é", "É", "≠", "東", "각", "\u200D", "\0", "\uFFFD", "\uFFFF",
        "\U0001F680", "\U0002F800", "\U0001D15E", "\uD83D", "\uDE80", "İ", "ß", "\u0344", "\uFDD0", "\u3000", new string('a', 99),
    ];

    [Fact]
    public void Tokenize_AnyText_KeepsTheOffsetPromises() => ForAnyText(text =>
    {
        var tokens = Tokenizer.Tokenize(text);
        for (var i = 0; i < tokens.Count; i++)
        {
            int start = tokens.Starts[i], end = tokens.Ends[i];
            start.ShouldBeInRange(0, text.Length - 1);
            end.ShouldBeInRange(start + 1, text.Length);
            SplitsAPair(text, start).ShouldBeFalse();
            SplitsAPair(text, end).ShouldBeFalse();
            if (i == 0)
            {
                continue;
            }
            start.ShouldBeGreaterThanOrEqualTo(tokens.Starts[i - 1]);
            end.ShouldBeGreaterThanOrEqualTo(tokens.Ends[i - 1]);
            var sameCharacter = start == tokens.Starts[i - 1] && text[start] == '각';
            (sameCharacter || start >= tokens.Ends[i - 1]).ShouldBeTrue($"tokens {i - 1} and {i} overlap");
        }
    });

    [Fact]
    public void Count_AnyText_EqualsTheTokens() => ForAnyText(text =>
        Tokenizer.Count(text).ShouldBe(Tokenizer.Tokenize(text).Count));

    [Fact]
    public void Encode_AnyTextAndLimit_IsTheTokensBetweenTheSpecialOnes() => ForAnyText(text =>
    {
        var tokens = Tokenizer.Tokenize(text).Ids;
        foreach (var maxTokens in new[] { 2, 3, 7, 1000 })
        {
            var encoded = Tokenizer.Encode(text, maxTokens);
            var seen = Math.Min(tokens.Length, maxTokens - 2);
            encoded.Ids.ShouldBe([2, .. tokens[..seen], 3]);
            encoded.UnseenTokens.ShouldBe(tokens.Length - seen);
        }
    });

    [Fact]
    public void Tokenize_TextCutAtASpanBetweenWords_GivesTheSameTokens() => ForAnyText(text =>
    {
        var tokens = Tokenizer.Tokenize(text);
        foreach (var cut in Enumerable.Range(1, text.Length).Where(i => i < text.Length && text[i] == ' '))
        {
            Tokenizer.Tokenize(text.AsSpan(0, cut)).Ids.Concat(Tokenizer.Tokenize(text.AsSpan(cut)).Ids).ShouldBe(tokens.Ids);
        }
    });

    [Theory]
    [InlineData("e\u0301e", "e\u0301|e")]
    [InlineData("é a", "é|a")]
    [InlineData("a\u200Da", "a|a")]
    [InlineData("각", "각|각|각")]
    [InlineData("a\U0001F680", "a|\U0001F680")]
    [InlineData("zz\u0301 a", "zz\u0301|a")]
    public void Tokenize_DroppedAndComposedCharacters_AreCoveredAsStated(string text, string expected) =>
        Tokenizers.Spans(Tokenizer, text).ShouldBe(expected.Split('|'));

    private static bool SplitsAPair(string text, int index) =>
        index > 0 && index < text.Length && char.IsHighSurrogate(text[index - 1]) && char.IsLowSurrogate(text[index]);

    private static void ForAnyText(Action<string> promise)
    {
        var texts = Gen.Elements(Alphabet).ArrayOf().Select(parts => string.Concat(parts)).ToArbitrary();
        Prop.ForAll(texts, promise).Check(Config.QuickThrowOnFailure.WithMaxTest(2000).WithReplay(20261120UL, 7UL));
    }
}
