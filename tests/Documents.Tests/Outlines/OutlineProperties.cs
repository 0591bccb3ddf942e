using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Documents.Tests.Chunking;

namespace RagPlatform.Documents.Tests.Outlines;

public sealed class OutlineProperties
{
    private static readonly Config Reproducible = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 5);

    [Fact]
    public void Outline_WithItsText_IsTheDocument() => Prop.ForAll(Described().ToArbitrary(), document =>
    {
        var read = DocumentOutline.Of(document).WithText(document.Text);

        Show(read).ShouldBe(Show(document));
    }).Check(Reproducible);

    [Fact]
    public void Outline_AnyByteChangedOrCutOff_IsReadOrRefusedAndNothingElse()
    {
        var cases =
            from document in Described()
            from part in Gen.Choose(0, 2)
            from at in Gen.Choose(0, 100_000)
            from value in Gen.Choose(0, 255)
            from isCut in Gen.Elements(true, false)
            select (document, part, at, value, isCut);

        Prop.ForAll(cases.ToArbitrary(), one =>
        {
            var outline = DocumentOutline.Of(one.document);
            var damaged = one.part switch
            {
                0 => outline with { Description = Damage(outline.Description) },
                1 => outline with { Places = Damage(outline.Places) },
                _ => outline with { Structure = Damage(outline.Structure) },
            };
            try
            {
                var read = damaged.WithText(one.document.Text);
                read.Blocks.ShouldAllBe(block => block.Start >= 0 && block.Start < block.End && block.End <= one.document.Text.Length);
                new Chunker(new ChunkingOptions(), Documents.CountTokens).Chunk(read).ShouldNotBeNull();
            }
            catch (InvalidDataException)
            {
                // What is damaged may be refused.
            }

            ReadOnlyMemory<byte> Damage(ReadOnlyMemory<byte> part)
            {
                var bytes = part.ToArray();
                var at = one.at % bytes.Length;
                bytes[at] = (byte)one.value;
                return one.isCut ? bytes.AsMemory(0, at) : bytes;
            }
        }).Check(Reproducible);
    }

    [Fact]
    public void Outline_ThatClaimsMoreThanItHolds_IsRefusedWithoutMemory()
    {
        byte[] claims = [1, 0xFF, 0xFF, 0xFF, 0xFF, 0x07];

        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<InvalidDataException>(() => StructureFormat.Read(claims, 1_000_000));
        Should.Throw<InvalidDataException>(() => PlacesFormat.Find(claims, []));
        Should.Throw<InvalidDataException>(() => RangesFormat.Read(claims));
        Should.Throw<InvalidDataException>(() => DescriptionFormat.Read(claims));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1_000_000);
    }

    [Fact]
    public void Outline_OfALaterForm_SaysSo() =>
        Should.Throw<InvalidDataException>(() => RangesFormat.Read(new byte[] { 9, 0 })).Message.ShouldContain("form 9");

    [Fact]
    public void Outline_OfALongerText_IsRefused()
    {
        var document = Documents.Markdown("# A\n\nSome text that is long enough.");

        Should.Throw<InvalidDataException>(() => DocumentOutline.Of(document).WithText("short"));
    }

    [Theory]
    [InlineData(0, 3, "page 1")]
    [InlineData(0, 9, "pages 1-2")]
    [InlineData(5, 30, "page 2 to Sales, row 9")]
    [InlineData(20, 24, "Sales, row 7")]
    [InlineData(20, 30, "Sales, rows 7-9")]
    [InlineData(31, 40, "Costs, to row 3")]
    [InlineData(25, 35, "Sales, row 9 to Costs")]
    public void Places_OfARange_AreThoseOfItsEnds(int start, int end, string place)
    {
        Block[] blocks =
        [
            Located(0, 4, new SourceLocation(LocationKind.Page, 1)), Located(5, 9, new SourceLocation(LocationKind.Page, 2)),
            Located(10, 19, new SourceLocation(LocationKind.Page, 2)), Located(20, 24, new SourceLocation(LocationKind.Row, 7, "Sales")),
            Located(25, 30, new SourceLocation(LocationKind.Row, 9, "Sales")),
            Located(31, 35, new SourceLocation(LocationKind.Part, 0, "Costs")), Located(36, 40, new SourceLocation(LocationKind.Row, 3, "Costs")),
        ];

        var found = PlacesFormat.Find(PlacesFormat.Write(blocks), [new CharacterRange(start, end)]).ShouldHaveSingleItem();

        LocationText.Of(found.First, found.Last).ShouldBe(place);
    }

    [Fact]
    public void Places_OfATextWithoutAny_AreEmpty()
    {
        var found = PlacesFormat.Find(PlacesFormat.Write([new Block(BlockKind.Paragraph, 0, 4, [])]), [new CharacterRange(0, 4)])[0];

        LocationText.Of(found.First, found.Last).ShouldBe("");
    }

    [Fact]
    public void Ranges_Around_IsTheOneThatHoldsAll()
    {
        var ranges = RangesFormat.Read(RangesFormat.Write([new CharacterRange(2, 10), new CharacterRange(12, 20)]));

        RangesFormat.Around(ranges, new CharacterRange(12, 15)).ShouldBe(new CharacterRange(12, 20));
        RangesFormat.Around(ranges, new CharacterRange(2, 10)).ShouldBe(new CharacterRange(2, 10));
        RangesFormat.Around(ranges, new CharacterRange(8, 14)).ShouldBeNull();
        RangesFormat.Around(ranges, new CharacterRange(0, 1)).ShouldBeNull();
        RangesFormat.Around([], new CharacterRange(0, 1)).ShouldBeNull();
    }

    [Fact]
    public void Outline_OfTenThousandBlocks_IsCompact()
    {
        var document = Documents.Markdown(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"# Part {i % 100}\n\nSome words of part {i}, and more of them.\n\n")));

        document.Blocks.Count.ShouldBe(10_000);
        DocumentOutline.Of(document).Structure.Length.ShouldBeLessThan(60_000);
    }

    private static Block Located(int start, int end, SourceLocation place) => new(BlockKind.Paragraph, start, end, []) { Location = place };

    private static Gen<ExtractedDocument> Described() =>
        from document in BlockLists.Documents
        from title in Gen.Elements("", "Title", "漢字 😀")
        from author in Gen.Elements("", "A. Author; B. Author")
        from created in Gen.Elements((DateTimeOffset?)null, new DateTimeOffset(2024, 2, 29, 12, 0, 0, TimeSpan.FromMinutes(-330)), DateTimeOffset.MinValue)
        from pages in Gen.Choose(0, 700)
        from keys in Gen.Elements("from", "to", "größe").ListOf()
        from links in Gen.Choose(0, 3)
        select document with
        {
            Title = title,
            Properties = new DocumentProperties
            {
                Author = author, Language = "en", CreatedAt = created, PageCount = pages, Metadata = keys.Distinct().ToDictionary(key => key, key => key + "!"),
            },
            Warnings = [.. keys],
            Links = document.Text.Length == 0 ? [] : [.. Enumerable.Range(0, links).Select(i => new DocumentLink(i % document.Text.Length, document.Text.Length, $"https://example.org/{i}"))],
        };

    private static string Show(ExtractedDocument document) => string.Join('\n',
    [
        document.Title, document.Properties with { Metadata = new Dictionary<string, string>() },
        .. document.Properties.Metadata, .. document.Warnings, .. document.Links,
        .. document.Blocks.Select(block => $"{block.Kind} {block.Start} {block.End} {string.Join('/', block.HeadingPath)} {block.Location}"),
    ]);
}
