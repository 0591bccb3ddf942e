namespace RagPlatform.Tokenization.Tests.Json;

public sealed class UnigramTests
{
    [Fact]
    public void Tokenize_SeveralSpellings_TakesTheLikeliest()
    {
        var tokenizer = TokenizerJsons.Read(TokenizerJsons.Unigram(("▁", -3), ("a", -1), ("b", -1.5), ("ab", -2), ("▁a", -1), ("bab", -2.2)));

        // "▁a" + "bab" (-3.2) beats "▁a" + "b" + "ab" (-4.5) and all others.
        tokenizer.Tokenize("abab").Ids.ShouldBe([tokenizer.IdOf("▁a")!.Value, tokenizer.IdOf("bab")!.Value]);
    }

    [Fact]
    public void Tokenize_RandomWords_AreAsLikelyAsTheBestOfAllSpellings()
    {
        var random = new Random(3);
        var pieces = new[] { "▁", "a", "b", "c", "ab", "bc", "abc", "▁a", "ca", "cab", "bca" }.Select(piece => (piece, -1 - (5 * random.NextDouble()))).ToArray();
        var tokenizer = TokenizerJsons.Read(TokenizerJsons.Unigram(pieces));
        var scores = pieces.ToDictionary(piece => tokenizer.IdOf(piece.piece)!.Value, piece => piece.Item2);
        for (var round = 0; round < 300; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, 12)).Select(_ => "abc"[random.Next(3)]));
            tokenizer.Tokenize(text).Ids.Sum(id => scores[id]).ShouldBe(Best("▁" + text, pieces), 1e-9, text);
        }
    }

    [Fact]
    public void Tokenize_UnknownCharacters_AreOneTokenWithTheirSpan()
    {
        var tokens = TokenizerJsons.Read(TokenizerJsons.Unigram(("▁", -1), ("a", -1))).Tokenize("a👍éa a");

        tokens.Ids.ShouldBe([1, 2, 0, 2, 1, 2]);
        (tokens.Starts[2], tokens.Ends[2]).ShouldBe((1, 4));
    }

    [Fact]
    public void Tokenize_OneCharacterThatBecomesTwoUnknownOnes_IsOneToken()
    {
        var json = TokenizerJsons.Unigram(("▁", -1), ("a", -1));
        json["normalizer"] = TokenizerJsons.Parse("""{"type":"NFKD"}""");

        TokenizerJsons.Read(json).Tokenize("aﬁ").Ids.ShouldBe([1, 2, 0]);
    }

    [Fact]
    public void Decode_OfTokens_IsTheText()
    {
        var tokenizer = TokenizerJsons.Read(TokenizerJsons.Unigram(("▁", -1), ("a", -1), ("▁a", -0.5)));

        tokenizer.Decode(tokenizer.Tokenize("aa a  a").Ids).ShouldBe("aa a  a");
    }

    private static double Best(string rest, (string Piece, double Score)[] pieces) => rest.Length == 0
        ? 0
        : pieces.Where(piece => rest.StartsWith(piece.Piece, StringComparison.Ordinal))
            .Select(piece => piece.Score + Best(rest[piece.Piece.Length..], pieces)).DefaultIfEmpty(double.NegativeInfinity).Max();
}
