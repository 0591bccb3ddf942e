namespace RagPlatform.Tokenization.Tests.Json;

public sealed class BytePairTests
{
    private static readonly string[] Merges = ["l o", "lo w", "e r", "Ġ low", "Ġlow er", "Ã ©"];

    [Theory]
    [InlineData("low", "low")]
    [InlineData("lower", "low er")]
    [InlineData(" lower", "Ġlower")]
    [InlineData("slow lower", "s low Ġlower")]
    [InlineData("é", "Ã©")]
    [InlineData("", "")]
    public void Tokenize_ByteLevel_JoinsInTheOrderOfLearning(string text, string expected) => Spell(Tokenizer(), text).ShouldBe(expected);

    [Fact]
    public void Tokenize_AnyText_DecodesToItself()
    {
        var tokenizer = Tokenizer();
        foreach (var text in new[] { "lower LOWER", "日本語 👩‍💻 \n\t x", "don't", "\u0000\u007f\u0301", "<|end|>" })
        {
            tokenizer.Decode(tokenizer.Tokenize(text).Ids).ShouldBe(text);
        }
    }

    [Fact]
    public void Tokenize_CharacterOfManyBytes_GivesAllTokensItsSpan()
    {
        var tokens = Tokenizer().Tokenize("a👍b");

        tokens.Starts.ShouldBe([0, 1, 1, 1, 1, 3]);
        tokens.Ends.ShouldBe([1, 3, 3, 3, 3, 4]);
    }

    [Fact]
    public void Tokenize_SpecialTokenInText_IsTextUnlessAskedFor()
    {
        var tokenizer = Tokenizer();
        var special = tokenizer.IdOf("<|end|>")!.Value;

        tokenizer.Tokenize("a<|end|>").Ids.ShouldNotContain(special);
        tokenizer.Tokenize("a<|end|>", SpecialTokens.Recognized).Ids[^1].ShouldBe(special);
        tokenizer.Decode(tokenizer.Tokenize("a<|end|>", SpecialTokens.Recognized).Ids).ShouldBe("a");
    }

    [Fact]
    public void Tokenize_WordInTheVocabulary_NeedsNoMergesWhereTheFileSaysSo()
    {
        // Without the merge "Ġ low", "Ġlower" cannot be reached by merging, yet it is a token.
        var json = TokenizerJsons.ByteLevel(Merges, ignoreMerges: true);
        json["model"]!["merges"]!.AsArray().RemoveAt(3);

        Spell(TokenizerJsons.Read(json), " lower").ShouldBe("Ġlower");
    }

    [Fact]
    public void Tokenize_LongTextInOneWord_TakesTimeInProportion()
    {
        var tokenizer = TokenizerJsons.Read(TokenizerJsons.Marked(["a", "▁", "aa", "aaaa"], ["a a", "aa aa"]));

        tokenizer.Count(new string('a', 200_000)).ShouldBe(50_001);
    }

    [Theory]
    [InlineData("ab", "▁a b")]
    [InlineData("ab ab", "▁a b ▁a b")]
    [InlineData("aé", "▁a <0xC3> <0xA9>")]
    public void Tokenize_Marked_SpellsUnknownCharactersInBytes(string text, string expected) =>
        Spell(TokenizerJsons.Read(TokenizerJsons.Marked(["a", "b", "▁", "▁a"], ["▁ a"])), text).ShouldBe(expected);

    [Fact]
    public void Tokenize_UnknownCharactersWithoutBytes_AreOneTokenTogether()
    {
        var tokens = TokenizerJsons.Read(TokenizerJsons.Marked(["a", "▁", "▁a"], ["▁ a"], byteFallback: false)).Tokenize("aééa");

        tokens.Ids[1].ShouldBe(0);
        (tokens.Starts[1], tokens.Ends[1]).ShouldBe((1, 3));
        tokens.Count.ShouldBe(3);
    }

    [Fact]
    public void Encode_BeginsWithTheTemplate_AndTellsWhatWasCutOff()
    {
        var tokenizer = TokenizerJsons.Read(TokenizerJsons.Marked(["a", "b", "▁", "▁a"], ["▁ a"]));

        var input = tokenizer.Encode("abbb", 3);

        input.Ids.ShouldBe([1, tokenizer.IdOf("▁a")!.Value, tokenizer.IdOf("b")!.Value]);
        input.UnseenTokens.ShouldBe(2);
        tokenizer.Decode(tokenizer.Encode("ab é", 100).Ids).ShouldBe("ab é");
    }

    private static JsonTokenizer Tokenizer() => TokenizerJsons.Read(TokenizerJsons.ByteLevel(Merges));

    /// <summary>The tokens as the vocabulary spells them.</summary>
    private static string Spell(JsonTokenizer tokenizer, string text)
    {
        var ids = tokenizer.Tokenize(text).Ids;
        return string.Join(' ', ids.Select(id => Vocabulary(tokenizer, id)));
    }

    private static string Vocabulary(JsonTokenizer tokenizer, int id) =>
        new[] { "low", "er", "Ġlow", "Ġlower", "Ã©", "s", "▁a", "▁", "a", "b", "lo" }.Concat(Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"))
            .Single(token => tokenizer.IdOf(token) == id);
}
