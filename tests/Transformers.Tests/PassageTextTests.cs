using RagPlatform.Tokenization;

namespace RagPlatform.Transformers.Tests;

public sealed class PassageTextTests
{
    private static readonly WordPieceTokenizer Tokenizer = WordPieceTokenizer.FromVocabulary(
        new StringReader(string.Join('\n', (string[])["[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", ">", "title", "outer", "inner"])));

    [Theory]
    [InlineData(9, "title\nouter > inner\na b c")]
    [InlineData(8, "title\ninner\na b c")]
    [InlineData(7, "title\ninner\na b c")]
    [InlineData(6, "inner\na b c")]
    [InlineData(5, "a b c")]
    [InlineData(2, "a b c")]
    public void Compose_LessRoom_ShortensTheContextAndNeverTheText(int maxTokens, string expected) =>
        PassageText.Compose("title", ["outer", "inner"], "a b c", new Reader(maxTokens)).ShouldBe(expected);

    [Fact]
    public void Compose_HeadingRepeatsTitle_SaysItOnce() =>
        PassageText.Compose("title", ["title", "inner"], "a", new Reader(16)).ShouldBe("title\ninner\na");

    [Fact]
    public void Compose_NoContext_IsTheText() => PassageText.Compose("", [], "a", new Reader(16)).ShouldBe("a");

    [Fact]
    public void Compose_TitleOnly_PutsItFirst() => PassageText.Compose("title", [], "a", new Reader(16)).ShouldBe("title\na");

    /// <summary>Counts as a model of that limit would; computes nothing.</summary>
    private sealed class Reader(int maxTokens) : ITextEmbedder
    {
        public int Dimension => 1;

        public int MaxTokens => maxTokens;

        public ITextTokenizer Tokenizer => PassageTextTests.Tokenizer;

        public string PrefixOf(TextKind kind) => "";

        public EncodedText Encode(string text, TextKind kind) => Tokenizer.Encode(text, maxTokens);

        public TextEmbedding[] Embed(IReadOnlyList<EncodedText> inputs, int threads, CancellationToken cancellationToken) => [];
    }
}
