using System.Text;
using System.Text.Json.Nodes;

namespace RagPlatform.Tokenization.Tests.Json;

public sealed class TokenBytesTests
{
    private const string Text = "slow lower  é日本🚀\tlow\n";

    public static TheoryData<string> Kinds => ["byte-level", "marked", "unigram"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void BytesOf_TokensOfAText_JoinToIt(string kind)
    {
        var tokenizer = TokenizerJsons.Read(Tokenizer(kind));
        var bytes = tokenizer.Tokenize(Text).Ids.SelectMany(tokenizer.BytesOf).ToArray();
        // Marks are put before the first word too, where a text begins.
        Encoding.UTF8.GetString(bytes).ShouldBe(kind == "byte-level" ? Text : $" {Text}");
    }

    [Fact]
    public void BytesOf_SpecialTokensAndStrangeIds_AreNone()
    {
        var tokenizer = TokenizerJsons.Read(Tokenizer("byte-level"));
        tokenizer.BytesOf(tokenizer.IdOf("<|end|>")!.Value).ShouldBeEmpty();
        tokenizer.BytesOf(-1).ShouldBeEmpty();
        tokenizer.BytesOf(tokenizer.VocabularySize).ShouldBeEmpty();
    }

    private static JsonObject Tokenizer(string kind) => kind switch
    {
        "byte-level" => TokenizerJsons.ByteLevel(["l o", "lo w", "Ġ s"]),
        "marked" => TokenizerJsons.Marked(["▁", "s", "l", "o", "w", "lo", "low", "e", "r"], ["l o", "lo w"]),
        _ => TokenizerJsons.Unigram([("▁", -3), ("slow", -1), ("low", -1), ("er", -1), .. "slower é日本🚀\t\n".Where(c => !char.IsSurrogate(c)).Distinct().Select(c => ($"{c}", -5.0)), ("🚀", -5)]),
    };
}
