namespace RagPlatform.Documents.Tests.Chunking;

public sealed class StrategyTests
{
    private static readonly string Sentences = string.Join(' ', Enumerable.Range(10, 40).Select(number => $"Item {number} has some words in it."));

    private static readonly string Table =
        "# Sales\n\n| Name | Amount |\n| --- | --- |\n" + string.Concat(Enumerable.Range(0, 60).Select(row => $"| customer {row} | {row} |\n"));

    [Fact]
    public void Rows_ApartFromTheirHeader_HaveItsCellsAsContext()
    {
        var chunks = Cut(Table, new ChunkingOptions { MaxTokens = 60, OverlapTokens = 0 });

        chunks.Count.ShouldBeGreaterThan(2);
        chunks[0].Text.ShouldContain("| Name | Amount |");
        chunks[0].Path.ShouldBe("Sales");
        chunks.Skip(1).ShouldAllBe(chunk => chunk.Path == "Sales/Name | Amount" && !chunk.Text.Contains("Name"));
    }

    [Fact]
    public void Rows_OfATableWithoutHeader_HaveNoneOfTheTableBefore()
    {
        var blocks = new List<Block>();
        var text = "| A | B |\n| 1 | 2 |\nBetween.\n| 3 | 4 |";
        Add(BlockKind.TableHeader, "| A | B |");
        Add(BlockKind.TableRow, "| 1 | 2 |");
        Add(BlockKind.Paragraph, "Between.");
        Add(BlockKind.TableRow, "| 3 | 4 |");

        new Chunker(new ChunkingOptions { MaxTokens = 16, OverlapTokens = 0, TinySectionTokens = 0, MaxCharacters = 64 }, span => span.Contains('.') ? 16 : 9).Chunk(new ExtractedDocument(text, "", blocks))
            .Select(chunk => $"{text[chunk.StartOffset..chunk.EndOffset]}: {string.Join('/', chunk.HeadingPath)}")
            .ShouldBe(["| A | B |: ", "| 1 | 2 |: A | B", "Between.: ", "| 3 | 4 |: "]);

        void Add(BlockKind kind, string part) => blocks.Add(new Block(kind, text.IndexOf(part, StringComparison.Ordinal), text.IndexOf(part, StringComparison.Ordinal) + part.Length, []));
    }

    [Fact]
    public void Rows_AfterABlankLine_HaveNoneOfTheTableBefore()
    {
        var document = Documents.Html("<table><tr><th>Name<th>Amount</tr><tr><td>Ann<td>12</tr></table><table><tr><td>Oslo<td>Norway</tr><tr><td>Rome<td>Italy</tr></table>");

        document.Text.ShouldBe("| Name | Amount |\n| --- | --- |\n| Ann | 12 |\n\n| Oslo | Norway |\n| Rome | Italy |");
        new Chunker(new ChunkingOptions { MaxTokens = 16, OverlapTokens = 0, TinySectionTokens = 0 }, span => span.Contains('\n') ? 17 : 9).Chunk(document)
            .Select(chunk => $"{document.Text[chunk.StartOffset..chunk.EndOffset]}: {string.Join('/', chunk.HeadingPath)}")
            .ShouldBe(["| Name | Amount |: ", "| --- | --- |: ", "| Ann | 12 |: Name | Amount", "| Oslo | Norway |: ", "| Rome | Italy |: "]);
    }

    [Theory]
    [InlineData("| a \\| b | c |", "a \\| b | c")]
    [InlineData("|  | c |\n| --- | --- |", "c")]
    [InlineData("Name\tAmount", "Name | Amount")]
    [InlineData("Name,Amount", "Name,Amount")]
    [InlineData("| | |", "")]
    public void Header_AsContext_IsItsCells(string header, string cells) => ContextOfRows(header).ShouldBe(cells);

    [Fact]
    public void Header_OfManyCells_IsBounded()
    {
        ContextOfRows("| " + string.Join(" | ", Enumerable.Range(0, 200).Select(i => $"column {i}")) + " |").Length.ShouldBeInRange(200, 256);
        ContextOfRows("x" + string.Concat(Enumerable.Repeat("😀", 500))).Length.ShouldBe(255);
    }

    [Fact]
    public void Sentence_SectionsAndParagraphs_DoNotEndChunksAndTheEndIsRepeated()
    {
        var chunks = Cut($"# A\n\nOne is here. Two is here.\n\n# B\n\n{Sentences}", new ChunkingOptions { Strategy = ChunkingStrategy.Sentence, MaxTokens = 60, OverlapTokens = 20 });

        chunks[0].Text.ShouldStartWith("# A\n\nOne is here. Two is here.\n\n# B\n\nItem 10");
        chunks.Zip(chunks.Skip(1)).ShouldAllBe(pair => pair.Second.Start < pair.First.End);
        chunks.ShouldAllBe(chunk => chunk.Text.EndsWith('.'));
    }

    [Fact]
    public void Fixed_Windows_AreFullAndRepeatWholeWords()
    {
        var chunks = Cut(Sentences, new ChunkingOptions { Strategy = ChunkingStrategy.Fixed, MaxTokens = 50, OverlapTokens = 10 });

        chunks.SkipLast(1).ShouldAllBe(chunk => Documents.CountTokens(chunk.Text) > 45);
        foreach (var (before, after) in chunks.Zip(chunks.Skip(1)))
        {
            Documents.CountTokens(Sentences.AsSpan(after.Start, before.End - after.Start)).ShouldBeInRange(5, 10);
            Sentences[after.Start - 1].ShouldBe(' ');
        }
    }

    [Fact]
    public void Fixed_WordLongerThanTheRoomBesideTheOverlap_IsReachedAllTheSame()
    {
        var text = $"one two three four five six seven eight nine ten {new string('x', 400)} end";

        var chunks = Cut(text, new ChunkingOptions { Strategy = ChunkingStrategy.Fixed, MaxTokens = 20, OverlapTokens = 10, TinySectionTokens = 0 });

        chunks[^1].Text.ShouldEndWith("end");
        chunks.Zip(chunks.Skip(1)).ShouldAllBe(pair => pair.Second.End > pair.First.End);
    }

    [Fact]
    public void Whole_DocumentThatFits_IsOneChunk()
    {
        var document = $"# A\n\n{Sentences}\n\n## B\n\n{Sentences}";

        Cut(document, new ChunkingOptions { Strategy = ChunkingStrategy.Whole, MaxTokens = 8192 }).ShouldHaveSingleItem().Text.ShouldBe(document);
        Cut(document, new ChunkingOptions { Strategy = ChunkingStrategy.Whole, MaxTokens = 400 }).Count.ShouldBe(2);
    }

    [Fact]
    public void ParentChild_SmallChunks_StandInLargerOnes()
    {
        var options = new ChunkingOptions { Strategy = ChunkingStrategy.ParentChild, MaxTokens = 40, OverlapTokens = 0, ParentTokens = 200 };
        var document = Documents.Markdown($"# A\n\n{Sentences}\n\n# B\n\n{Sentences}");

        var chunks = new Chunker(options, Documents.CountTokens).Chunk(document);

        var parents = chunks.Select(chunk => chunk.Parent).Distinct().ToList();
        parents.Count.ShouldBe(new Chunker(new ChunkingOptions { MaxTokens = 200, OverlapTokens = 0 }, Documents.CountTokens).Chunk(document).Count);
        chunks.Count.ShouldBeGreaterThan(3 * parents.Count);
        chunks.Select(chunk => chunk.HeadingPath.ShouldHaveSingleItem()).Distinct().ShouldBe(["A", "B"]);
    }

    [Fact]
    public void Chunks_OfPages_KnowTheirFirstAndLast()
    {
        var builder = new DocumentTextBuilder();
        for (var page = 1; page <= 6; page++)
        {
            builder.Location = new SourceLocation(LocationKind.Page, page);
            builder.AddParagraph("Alpha beta gamma delta four five six seve nine.");
        }

        var chunks = new Chunker(new ChunkingOptions { MaxTokens = 30, OverlapTokens = 0, TinySectionTokens = 8 }, Documents.CountTokens).Chunk(builder.Build());

        chunks.Select(chunk => LocationText.Of(chunk.FirstLocation, chunk.LastLocation)).ShouldBe(["pages 1-2", "pages 3-4", "pages 5-6"]);
    }

    [Fact]
    public void Hash_OfWhatTheStrategyDoesNotHeed_StaysTheSame()
    {
        var structure = new ChunkingOptions();
        var whole = structure with { Strategy = ChunkingStrategy.Whole };

        (structure with { ParentTokens = 900 }).Hash.ShouldBe(structure.Hash);
        (whole with { OverlapTokens = 3, TinySectionTokens = 3 }).Hash.ShouldBe(whole.Hash);
        Enum.GetValues<ChunkingStrategy>().Select(strategy => (structure with { Strategy = strategy }).Hash).Distinct().Count().ShouldBe(5);
        (structure with { Strategy = ChunkingStrategy.ParentChild, ParentTokens = 601 }).Hash.ShouldNotBe((structure with { Strategy = ChunkingStrategy.ParentChild }).Hash);
    }

    [Fact]
    public void Options_ParentsBelowTheirChildren_NameOptionAndRange() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new ChunkingOptions { Strategy = ChunkingStrategy.ParentChild, ParentTokens = 100 }.Validate())
            .Message.ShouldContain("ParentTokens must be 200 to 8192");

    [Theory]
    [InlineData(ChunkingStrategy.Structure)]
    [InlineData(ChunkingStrategy.Sentence)]
    [InlineData(ChunkingStrategy.Fixed)]
    [InlineData(ChunkingStrategy.Whole)]
    [InlineData(ChunkingStrategy.ParentChild)]
    public void Chunk_TextWithoutAnyBreak_TakesLinearTime(ChunkingStrategy strategy)
    {
        var text = string.Concat(Enumerable.Repeat("漢😀", 200_000));
        var counted = 0L;
        var options = new ChunkingOptions { Strategy = strategy };

        new Chunker(options, span =>
        {
            counted += span.Length;
            return (span.Length + 1) / 2;
        }).Chunk(new ExtractedDocument(text, "", [new Block(BlockKind.Paragraph, 0, text.Length, [])]));

        counted.ShouldBeLessThan(20L * text.Length);
    }

    private static string ContextOfRows(string header)
    {
        var text = $"{header}\n| 1 |";
        Block[] blocks = [new(BlockKind.TableHeader, 0, header.Length, []), new(BlockKind.TableRow, header.Length + 1, text.Length, [])];
        return string.Join('/', new Chunker(new ChunkingOptions(), span => span.Length > 5 ? 150 : 100).Chunk(new ExtractedDocument(text, "", blocks))[^1].HeadingPath);
    }

    private static List<(string Text, int Start, int End, string Path)> Cut(string markdown, ChunkingOptions options)
    {
        var document = Documents.Markdown(markdown);
        return [.. new Chunker(options, Documents.CountTokens).Chunk(document)
            .Select(chunk => (document.Text[chunk.StartOffset..chunk.EndOffset], chunk.StartOffset, chunk.EndOffset, string.Join('/', chunk.HeadingPath)))];
    }
}
