using System.Text;

namespace RagPlatform.Tokenization.Tests.Json;

/// <summary>Byte-pair encoding however the text is cut, scanned, queued or remembered, against its definition.</summary>
public sealed class SpellingTests
{
    private static readonly string[] Letters = ["a", "b", "c", "▁", "é", "日", "👍", "x"];

    private static readonly string[] Merges =
        ["a b", "b a", "ab a", "▁ a", "▁a b", "c c", "cc a", "▁ ▁", "ab ab", "é c", "👍 👍", "ba c", "▁▁ ▁▁"];

    [Theory]
    [InlineData(1, 12)]
    [InlineData(2, 40)]
    [InlineData(3, 300)]
    public void Tokenize_RandomTexts_EqualsTheDefinition(int seed, int maxLetters)
    {
        var tokenizer = Tokenizer();
        var random = new Random(seed);
        for (var round = 0; round < 200; round++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(1, maxLetters)).Select(_ => Letters[random.Next(Letters.Length)].Replace('▁', ' ')));
            var expected = Definition("▁" + text.Replace(' ', '▁')).SelectMany(token => Ids(tokenizer, token)).ToArray();

            tokenizer.Tokenize(text).Ids.ShouldBe(expected, text);
            tokenizer.Count(text).ShouldBe(expected.Length, text);
        }
    }

    [Fact]
    public void Tokenize_CharacterAcrossTwoTokens_SharesItsSpan()
    {
        // "é日": the last byte of one with the first of the other.
        var tokenizer = TokenizerJsons.Read(TokenizerJsons.ByteLevel(["© æ"]));

        var tokens = tokenizer.Tokenize("é日");

        tokens.Starts.ShouldBe([0, 0, 1, 1]);
        tokens.Ends.ShouldBe([1, 2, 2, 2]);
    }

    [Fact]
    public void Count_WordsThatAreRemembered_AllocatesNothingForThem()
    {
        var tokenizer = TokenizerJsons.Read(TokenizerJsons.ByteLevel(["l o", "lo w"]));
        var text = string.Concat(Enumerable.Repeat("slow lower lowest, 12 times slow ", 100));
        var first = tokenizer.Count(text);
        tokenizer.Count(text);

        // Tests beside this one may at a moment have taken the expression's only spare runner.
        var allocated = long.MaxValue;
        for (var round = 0; round < 50; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var count = tokenizer.Count(text);
            allocated = Math.Min(allocated, GC.GetAllocatedBytesForCurrentThread() - before);
            count.ShouldBe(first);
        }

        // The expression's own state, however long the text.
        allocated.ShouldBeLessThan(200);
    }

    [Fact]
    public async Task Tokenize_ManyThreadsAtOnce_GivesEachItsOwn()
    {
        var tokenizer = Tokenizer();
        string[] texts = [.. Enumerable.Range(0, 400).Select(i => string.Concat(Enumerable.Repeat($"ab{(char)('a' + (i % 3))} cca 👍", 1 + (i % 9))))];
        int[][] expected = [.. texts.Select(text => Tokenizer().Tokenize(text).Ids)];

        var found = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => texts.Select(text => tokenizer.Tokenize(text).Ids).ToArray())))
            .WaitAsync(TimeSpan.FromSeconds(20));

        foreach (var ids in found)
        {
            ids.ShouldBe(expected);
        }
    }

    private static JsonTokenizer Tokenizer() => TokenizerJsons.Read(TokenizerJsons.Marked(
        [.. Letters.Where(letter => letter != "x"), .. Merges.Select(merge => merge.Replace(" ", "", StringComparison.Ordinal))], Merges));

    private static IEnumerable<int> Ids(JsonTokenizer tokenizer, string token) => tokenizer.IdOf(token) is { } id
        ? [id]
        : Encoding.UTF8.GetBytes(token).Select(value => tokenizer.IdOf($"<0x{value:X2}>")!.Value);

    /// <summary>The pair that was learned first is joined, leftmost first, until none is left.</summary>
    private static List<string> Definition(string text)
    {
        var symbols = text.EnumerateRunes().Select(rune => rune.ToString()).ToList();
        while (true)
        {
            var best = Enumerable.Range(0, symbols.Count - 1).Select(i => (Rank: Array.IndexOf(Merges, $"{symbols[i]} {symbols[i + 1]}"), At: i))
                .Where(pair => pair.Rank >= 0).DefaultIfEmpty((Rank: -1, At: -1)).Min();
            if (best.At < 0)
            {
                return symbols;
            }

            symbols[best.At] += symbols[best.At + 1];
            symbols.RemoveAt(best.At + 1);
        }
    }
}
