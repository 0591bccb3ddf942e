using static RagPlatform.Documents.Tests.Formats.Word.WordFile;

namespace RagPlatform.Documents.Tests.Formats.Word;

public sealed class WordListTests
{
    [Fact]
    public void Extract_NestedNumbers_AreCountedAsWordCounts() =>
        Read(Item(1, 0, "one") + Item(1, 1, "one a") + Item(1, 1, "one b") + P("Between.") + Item(1, 0, "two") + Item(1, 1, "two a")).Text
            .ShouldBe("1. one\n  1.a) one a\n  1.b) one b\n\nBetween.\n\n2. two\n  2.a) two a");

    [Fact]
    public void Extract_Bullets_AreItemsWithTheirDepth() => Read(Item(2, 0, "a") + Item(2, 1, "b") + Item(2, 0, "c")).Text.ShouldBe("- a\n  - b\n- c");

    [Fact]
    public void Extract_ListThatStartsAnew_ContinuesFromItsOwnStart() => Read(Item(1, 0, "a") + Item(3, 0, "b") + Item(3, 0, "c")).Text.ShouldBe("1. a\n5. b\n6. c");

    [Fact]
    public void Extract_OtherNumberFormats_AreWritten() => Read(Item(4, 0, "a") + Item(4, 0, "b")).Text.ShouldBe("(IV) a\n(V) b");

    [Fact]
    public void Extract_NumberingOfAStyle_CanBeTakenBack() =>
        Read(Styled("Liste", "a") + P("plain", "<w:pStyle w:val=\"Liste\"/><w:numPr><w:numId w:val=\"0\"/></w:numPr>") + Styled("Liste", "b")).Show()
            .ShouldBe(["ListItem: 1. a", "Paragraph: plain", "ListItem: 2. b"]);

    [Fact]
    public void Extract_NumberedHeading_KeepsItsNumber() =>
        Read(P("Scope", "<w:pStyle w:val=\"berschrift1\"/><w:numPr><w:numId w:val=\"1\"/></w:numPr>")).Blocks[0].HeadingPath.ShouldBe(["1. Scope"]);

    [Fact]
    public void Extract_NumberingThatIsNotDefined_IsAParagraph() => Read(Item(99, 0, "a") + Item(1, 8, "b")).Show().ShouldBe(["Paragraph: a", "Paragraph: b"]);
}
