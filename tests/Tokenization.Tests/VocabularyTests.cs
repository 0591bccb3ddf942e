namespace RagPlatform.Tokenization.Tests;

public sealed class VocabularyTests
{
    [Theory]
    [InlineData("[UNK]")]
    [InlineData("[CLS]")]
    [InlineData("[SEP]")]
    public void FromVocabulary_WithoutASpecialToken_NamesIt(string missing) =>
        Refusal(string.Join('\n', Tokenizers.Special.Where(piece => piece != missing))).ShouldContain(missing);

    [Fact]
    public void FromVocabulary_Empty_IsRefused() => Refusal("").ShouldContain("empty");

    [Fact]
    public void FromVocabulary_PieceTwice_NamesPieceAndLine()
    {
        var refusal = Refusal("[UNK]\n[CLS]\n[SEP]\na\nb\na");
        refusal.ShouldContain("'a'");
        refusal.ShouldContain("line 6");
    }

    [Fact]
    public void FromVocabulary_SomethingElseThanAVocabulary_NamesTheLimit() =>
        Refusal(new string('x', 100_000)).ShouldContain("202");

    [Fact]
    public void FromVocabulary_WindowsLineEnds_AreNotPartOfThePieces() =>
        WordPieceTokenizer.FromVocabulary(new StringReader("[UNK]\r\n[CLS]\r\n[SEP]\r\nrun\r\n")).Tokenize("run").Ids.ShouldBe([3]);

    [Fact]
    public void VocabularySize_CountsEveryLine() => Tokenizers.Of("a", "##b").VocabularySize.ShouldBe(6);

    [Theory]
    [InlineData(1)]
    [InlineData(-5)]
    public void Encode_LimitBelowTheSpecialTokens_IsRefused(int maxTokens) =>
        Should.Throw<ArgumentOutOfRangeException>(() => Tokenizers.Of("a").Encode("a", maxTokens));

    private static string Refusal(string vocabulary) =>
        Should.Throw<InvalidDataException>(() => WordPieceTokenizer.FromVocabulary(new StringReader(vocabulary))).Message;
}
