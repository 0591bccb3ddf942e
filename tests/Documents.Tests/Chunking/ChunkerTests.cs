namespace RagPlatform.Documents.Tests.Chunking;

public sealed class ChunkerTests
{
    private static readonly string Sentence = "Alpha beta gamma delta four five six seve. ";

    [Fact]
    public void Chunk_SmallNeighbours_ArePackedTogether() =>
        Chunk("First.\n\nSecond.\n\n- one\n- two\n").ShouldBe(["First.\n\nSecond.\n\n- one\n- two"]);

    [Fact]
    public void Chunk_NewHeading_BeginsAChunkWithItsText() =>
        Chunk($"# A\n\n{Repeat(5)}\n\n## B\n\ntext\n").ShouldBe([$"# A\n\n{Repeat(5)}", "## B\n\ntext"]);

    [Fact]
    public void Chunk_TinySection_IsJoinedWithTheNext() =>
        Chunk($"# A\n\nTiny.\n\n## B\n\n{Repeat(4)}").ShouldHaveSingleItem();

    [Fact]
    public void Chunk_HeadingAtTheEndOfAFullChunk_GoesWithTheChunkThatFollows()
    {
        var chunks = Chunk($"Tiny words that cannot fit beside it.\n\n# B\n\n{Repeat(10)}");

        chunks.ShouldBe(["Tiny words that cannot fit beside it.", $"# B\n\n{Repeat(10)}"]);
    }

    [Fact]
    public void Chunk_IntroductionAtTheEndOfAFullChunk_GoesWithWhatItIntroduces()
    {
        var chunks = Chunk($"{Repeat(5)}\n\nTo run it:\n\n```\n{Repeat(7)}\n```\n");

        chunks.Count.ShouldBe(2);
        chunks[0].ShouldBe(Repeat(5));
        chunks[1].ShouldStartWith("To run it:\n\n");
        chunks[1].ShouldContain(Repeat(7));
    }

    [Fact]
    public void Chunk_LongParagraph_IsCutAtSentencesAndOverlapsByWholeOnes()
    {
        var sentences = Enumerable.Range(10, 30).Select(number => $"Item {number} has some words in it.").ToArray();

        var chunks = Chunk(string.Join(' ', sentences));

        chunks.Count.ShouldBeGreaterThan(1);
        for (var i = 1; i < chunks.Count; i++)
        {
            var first = chunks[i].Split(". ")[0].TrimEnd('.');
            chunks[i - 1].ShouldContain(first);
            sentences.ShouldContain(first + ".");
        }
    }

    [Fact]
    public void Chunk_NoCutInsideABlock_NoOverlap()
    {
        var document = Documents.Markdown($"{Repeat(6)}\n\n{Repeat(6)}\n\n{Repeat(6)}");

        var chunks = Create().Chunk(document);

        chunks.Count.ShouldBe(3);
        chunks.Zip(chunks.Skip(1)).ShouldAllBe(pair => pair.First.EndOffset <= pair.Second.StartOffset);
    }

    [Fact]
    public void Chunk_OverlapZero_RepeatsNothing()
    {
        var document = Documents.Plain(Repeat(50));

        var chunks = new Chunker(new ChunkingOptions { OverlapTokens = 0 }, Documents.CountTokens).Chunk(document);

        chunks.Count.ShouldBeGreaterThan(1);
        chunks.Zip(chunks.Skip(1)).ShouldAllBe(pair => pair.First.EndOffset <= pair.Second.StartOffset);
    }

    [Fact]
    public void Chunk_CodeThatFits_StaysWhole()
    {
        var code = "```\n" + string.Concat(Enumerable.Repeat("call();\n", 60)) + "```";

        Chunk($"{Repeat(8)}\n\n{code}\n").ShouldContain(code);
    }

    [Fact]
    public void Chunk_LongCode_IsCutBetweenLines()
    {
        var lines = Enumerable.Range(0, 200).Select(line => $"    call({line});").ToArray();

        foreach (var chunk in Chunk("```\n" + string.Join('\n', lines) + "\n```"))
        {
            chunk.Split('\n').ShouldAllBe(line => line == "```" || lines.Any(whole => whole.Trim() == line.Trim()));
        }
    }

    [Fact]
    public void Chunk_TableOverTheBudget_CutsBetweenRows()
    {
        var rows = Enumerable.Range(0, 100).Select(row => $"| name {row} | value {row} |").ToArray();

        var chunks = Chunk("| a | b |\n|---|---|\n" + string.Join('\n', rows));

        chunks.Count.ShouldBeGreaterThan(1);
        chunks[0].ShouldStartWith("| a | b |\n|---|---|\n| name 0");
        chunks.SelectMany(chunk => chunk.Split('\n')).ShouldAllBe(line => line.StartsWith('|') && line.EndsWith('|'));
    }

    [Fact]
    public void Chunk_SentenceOverTheBudget_IsCutAtWords()
    {
        var chunks = Chunk(string.Join(' ', Enumerable.Repeat("wordwords", 500)));

        chunks.Count.ShouldBeGreaterThan(1);
        chunks.ShouldAllBe(chunk => chunk.Split(' ', StringSplitOptions.None).All(word => word == "wordwords"));
    }

    [Fact]
    public void Chunk_WordOverTheBudget_IsCutInsideButNotInASurrogatePair()
    {
        var text = "x" + string.Concat(Enumerable.Repeat("😀", 3000));

        var chunks = Chunk(text);

        string.Concat(chunks).ShouldBe(text);
        chunks.ShouldAllBe(chunk => !char.IsLowSurrogate(chunk[0]) && !char.IsHighSurrogate(chunk[chunk.Length - 1]));
    }

    [Fact]
    public void Chunk_WordThatIsOneTokenHoweverLong_IsStillBoundedInCharacters()
    {
        var document = Documents.Plain(new string('x', 100_000));

        var chunks = new Chunker(new ChunkingOptions(), _ => 1).Chunk(document);

        chunks.ShouldAllBe(chunk => chunk.EndOffset - chunk.StartOffset <= 4096);
        chunks[^1].EndOffset.ShouldBe(100_000);
    }

    [Fact]
    public void Chunk_HeadingPath_IsWhatTheWholeChunkStandsUnder()
    {
        var document = Documents.Markdown($"# Guide\n\n{Repeat(5)}\n\n## Install\n\n{Repeat(5)}\n\n## Use\n\nTiny.\n\n### Deep\n\nAlso tiny.");

        Create().Chunk(document).Select(chunk => string.Join('/', chunk.HeadingPath)).ShouldBe(["Guide", "Guide/Install", "Guide/Use"]);
    }

    [Fact]
    public void Chunk_LongCommentBetweenBlocks_DoesNotBreakTheBudget()
    {
        var document = Documents.Markdown($"# A\n\nBefore.\n\n<!-- {Repeat(100)} -->\n\nAfter.\n");

        var chunks = Create().Chunk(document);

        chunks.Select(chunk => document.Text[chunk.StartOffset..chunk.EndOffset]).ShouldBe(["# A\n\nBefore.", "After."]);
    }

    [Fact]
    public void Options_OutOfRange_NamesOptionAndRange() =>
        Should.Throw<ArgumentOutOfRangeException>(() => new Chunker(new ChunkingOptions { OverlapTokens = 101 }, Documents.CountTokens))
            .Message.ShouldContain("OverlapTokens must be 0 to 100");

    [Fact]
    public void Hash_AnySettingChanged_Changes()
    {
        var options = new ChunkingOptions();
        string[] hashes =
        [
            options.Hash, (options with { MaxTokens = 201 }).Hash, (options with { OverlapTokens = 31 }).Hash,
            (options with { TinySectionTokens = 31 }).Hash, (options with { MaxCharacters = 4095 }).Hash,
        ];

        hashes.Distinct().Count().ShouldBe(hashes.Length);
        new ChunkingOptions().Hash.ShouldBe(options.Hash);
        options.Hash.Length.ShouldBe(64);
    }

    /// <summary>12 tokens a time: "Alpha beta …".</summary>
    private static string Repeat(int times) => string.Concat(Enumerable.Repeat(Sentence, times)).Trim();

    private static Chunker Create() => new(new ChunkingOptions { MaxTokens = 130 }, Documents.CountTokens);

    private static IReadOnlyList<string> Chunk(string markdown)
    {
        var document = Documents.Markdown(markdown);
        return [.. Create().Chunk(document).Select(chunk => document.Text[chunk.StartOffset..chunk.EndOffset])];
    }
}
