namespace RagPlatform.Tokenization.Tests;

public sealed class WordPieceTests
{
    private static readonly string[] Vocabulary =
        ["un", "uns", "##sure", "##aff", "##able", "##a", "aff", "run", "##ning", "!", ",", "'", "s", "caf", "##e", "cafe", "東", "京", "c", "+", "x", "##x"];

    [Theory]
    [InlineData("unaffable", "un ##aff ##able")]
    [InlineData("UNAffable", "un ##aff ##able")]
    [InlineData("running", "run ##ning")]
    [InlineData("run,running!", "run , run ##ning !")]
    [InlineData("uns", "uns")]
    [InlineData("unsure", "[UNK]")]
    [InlineData("c++", "c + +")]
    [InlineData("run's", "run ' s")]
    [InlineData("unrun", "[UNK]")]
    [InlineData("run zzz run", "run [UNK] run")]
    [InlineData("東京", "東 京")]
    [InlineData("run東run", "run 東 run")]
    [InlineData("café", "cafe")]
    [InlineData("cafe\u0301", "cafe")]
    [InlineData("CAFÉ", "cafe")]
    [InlineData("r\u200Bun", "run")]
    [InlineData("r\0u\uFFFDn", "run")]
    [InlineData("r\fun", "run")]
    [InlineData("run\u00A0run\u3000run\u2029run", "run run run run")]
    [InlineData("\t\r\n run \n", "run")]
    [InlineData("run\uD83D", "run")]
    [InlineData("\uDE80run", "run")]
    [InlineData("run🚀", "[UNK]")]
    [InlineData("\u0301run", "run")]
    [InlineData("", "")]
    [InlineData(" \u200B\u0301 ", "")]
    public void Tokenize_LowerCasing_SplitsAsBertDoes(string text, string expected) =>
        Tokenizers.Pieces(lowerCase: true, Vocabulary, text).ShouldBe(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    [Theory]
    [InlineData("Run", "[UNK]")]
    [InlineData("café", "[UNK]")]
    [InlineData("cafe\u0301", "[UNK]")]
    [InlineData("run, run", "run , run")]
    [InlineData("run東", "run 東")]
    public void Tokenize_KeepingCase_KeepsAccentsToo(string text, string expected) =>
        Tokenizers.Pieces(lowerCase: false, Vocabulary, text).ShouldBe(expected.Split(' '));

    [Theory]
    [InlineData("≠", "=")]
    [InlineData("\u037E", ";")]
    [InlineData("\u1FEF", "`")]
    public void Tokenize_SymbolThatDecomposesToPunctuation_IsAlone(string symbol, string piece) =>
        Tokenizers.Pieces(lowerCase: true, ["a", "b", piece], $"a{symbol}b").ShouldBe(["a", piece, "b"]);

    [Fact]
    public void Tokenize_GreekSigmaAtTheWordEnd_BecomesThePlainOne() =>
        Tokenizers.Pieces(lowerCase: true, ["σοσ"], "ΣΟΣ").ShouldBe(["σοσ"]);

    [Fact]
    public void Tokenize_SpecialTokensInTheText_AreText()
    {
        var tokenizer = Tokenizers.Of("[", "]", "sep");
        tokenizer.Tokenize("[SEP]").Ids.ShouldBe([4, 6, 5]);
        tokenizer.Encode("[SEP]", 10).Ids.ShouldBe([2, 4, 6, 5, 3]);
    }

    [Theory]
    [InlineData(100, 100)]
    [InlineData(101, 1)]
    [InlineData(5000, 1)]
    public void Tokenize_WordOfManyCharacters_IsUnknownAbove100(int length, int expectedTokens)
    {
        var tokenizer = Tokenizers.Of(Vocabulary);
        var tokens = tokenizer.Tokenize($"run {new string('x', length)} run");
        tokens.Count.ShouldBe(expectedTokens + 2);
        tokens.Ends[^2].ShouldBe(4 + length);
        tokens.Ids[1].ShouldBe(expectedTokens == 1 ? 1 : 4 + Array.IndexOf(Vocabulary, "x"));
    }

    [Fact]
    public void Tokenize_WordOf100SurrogatePairs_IsNotTooLong()
    {
        var word = string.Concat(Enumerable.Repeat("\U0001F680", 100));
        Tokenizers.Of("\U0001F680", "##\U0001F680").Count(word).ShouldBe(100);
        Tokenizers.Of("\U0001F680", "##\U0001F680").Count(word + "\U0001F680").ShouldBe(1);
    }

    [Fact]
    public void Tokenize_TwentyMillionCharactersOfOneWord_IsOneToken() =>
        Tokenizers.Of(Vocabulary).Count(new string('x', 20_000_000)).ShouldBe(1);

    [Fact]
    public void Tokenize_ManyThreadsAtOnce_AgreeWithOne()
    {
        var tokenizer = Tokenizers.Of(Vocabulary);
        const string text = "Unaffable cafés, running 東京 zzz!";
        var expected = tokenizer.Tokenize(text);
        Parallel.For(0, 2000, _ => tokenizer.Tokenize(text).Ids.ShouldBe(expected.Ids));
    }
}
