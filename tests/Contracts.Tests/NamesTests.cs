namespace RagPlatform.Contracts.Tests;

public sealed class NamesTests
{
    [Theory]
    [InlineData("default")]
    [InlineData("a")]
    [InlineData("0")]
    [InlineData("team-docs_2026")]
    public void Collection_OfAllowedCharacters_IsAccepted(string name) => Names.IsCollection(name).ShouldBeTrue();

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("Docs")]
    [InlineData("-docs")]
    [InlineData("_docs")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("docs\n")]
    [InlineData("ünï")]
    [InlineData("..")]
    public void Collection_OfOtherCharacters_IsRefused(string? name) => Names.IsCollection(name).ShouldBeFalse();

    [Fact]
    public void Collection_Of63Characters_IsTheLongest()
    {
        Names.IsCollection(new string('a', 63)).ShouldBeTrue();
        Names.IsCollection(new string('a', 64)).ShouldBeFalse();
    }

    [Fact]
    public void DocumentId_LongBlankOrWithControlCharacters_IsRefused()
    {
        Names.IsDocumentId("docs/guide.md#überblick").ShouldBeTrue();
        Names.IsDocumentId(new string('x', 512)).ShouldBeTrue();
        Names.IsDocumentId(new string('x', 513)).ShouldBeFalse();
        Names.IsDocumentId(" ").ShouldBeFalse();
        Names.IsDocumentId("a\0b").ShouldBeFalse();
    }
}
