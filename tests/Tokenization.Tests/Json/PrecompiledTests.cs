using System.Text.Json;
using RagPlatform.Tokenization.Json;
using RagPlatform.Tokenization.Json.Normalizers;

namespace RagPlatform.Tokenization.Tests.Json;

public sealed class PrecompiledTests
{
    private static readonly Fixture Reference = JsonSerializer.Deserialize<Fixture>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Json", "Fixtures", "charsmap.json")), JsonSerializerOptions.Web)!;

    [Fact]
    public void Normalize_AllCases_EqualsTheReference()
    {
        var normalizer = new PrecompiledNormalizer(new CharacterMap(Reference.Charsmap));
        Reference.Cases.Length.ShouldBeGreaterThan(15);
        foreach (var pair in Reference.Cases)
        {
            normalizer.Normalize(AlignedText.Of(pair[0], 0)).ToString().ShouldBe(pair[1], pair[0]);
        }
    }

    [Fact]
    public void Normalize_LigatureBetweenLetters_KeepsThePlaces()
    {
        var text = new PrecompiledNormalizer(new CharacterMap(Reference.Charsmap)).Normalize(AlignedText.Of("aﬁb", 10));

        text.ToString().ShouldBe("afib");
        Enumerable.Range(0, 4).Select(i => (text.StartOf(i), text.EndOf(i))).ShouldBe([(10, 11), (11, 12), (11, 12), (12, 13)]);
    }

    [Fact]
    public void Normalize_LoneSurrogates_AreReplacementCharacters() =>
        new PrecompiledNormalizer(new CharacterMap(Reference.Charsmap)).Normalize(AlignedText.Of("a\ud800b\udc00", 0)).ToString().ShouldBe("a b ");

    [Fact]
    public void Read_TokenizerWithATable_NormalizesBeforeItSplits()
    {
        var json = TokenizerJsons.Unigram(("▁", -2), ("▁fi", -1), ("1", -1));
        json["normalizer"] = TokenizerJsons.Parse($$"""{"type":"Precompiled","precompiled_charsmap":"{{Convert.ToBase64String(Reference.Charsmap)}}"}""");

        TokenizerJsons.Read(json).Tokenize("ﬁ①").Ids.ShouldBe([2, 3]);
    }

    [Fact]
    public void CharacterMap_CutAnywhereInTheTrie_IsRefused()
    {
        var trie = BitConverter.ToInt32(Reference.Charsmap);
        for (var length = 0; length < trie + 4; length += 7)
        {
            Should.Throw<InvalidDataException>(() => new CharacterMap(Reference.Charsmap.AsSpan(0, length))).Message.ShouldContain("trie");
        }
    }

    [Theory]
    [InlineData("AAAAAA==", "trie of 0")]
    [InlineData("/////w==", "trie of 4294967295")]
    [InlineData("AwAAAAAAAA==", "trie of 3")]
    [InlineData("", "trie of 0")]
    [InlineData("?", "is no base64")]
    public void Read_DamagedTable_SaysWhere(string table, string reason)
    {
        var json = TokenizerJsons.Unigram(("a", -1));
        json["normalizer"] = TokenizerJsons.Parse($$"""{"type":"Precompiled","precompiled_charsmap":"{{table}}"}""");

        var message = Should.Throw<InvalidDataException>(() => TokenizerJsons.Read(json)).Message;
        message.ShouldStartWith("tokenizer.json.normalizer.precompiled_charsmap ");
        message.ShouldContain(reason);
    }

    [Fact]
    public void CharacterMap_BytesChanged_IsUsableOrRefused()
    {
        var random = new Random(11);
        var usable = 0;
        for (var round = 0; round < 500; round++)
        {
            var damaged = (byte[])Reference.Charsmap.Clone();
            for (var flips = random.Next(1, 6); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            try
            {
                var normalizer = new PrecompiledNormalizer(new CharacterMap(damaged));
                foreach (var pair in Reference.Cases)
                {
                    normalizer.Normalize(AlignedText.Of(pair[0], 0));
                }

                usable++;
            }
            catch (InvalidDataException exception)
            {
                exception.Message.ShouldNotBeEmpty();
            }
        }

        usable.ShouldBeInRange(100, 499);
    }

    private sealed record Fixture(byte[] Charsmap, string[][] Cases);
}
