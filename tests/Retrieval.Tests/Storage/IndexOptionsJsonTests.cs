using System.Collections.Frozen;
using System.Text.Json;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Tests.Storage;

public sealed class IndexOptionsJsonTests
{
    private static readonly CollectionIndexOptions Options = new()
    {
        Dimension = 12, TitleWeight = 5, HeadingWeight = 2, GraphFromChunks = 9, GraphLinks = 8, GraphConstructionCandidates = 50,
        Analyzer = new AnalyzerOptions { StopWords = new[] { "b", "a" }.ToFrozenSet(StringComparer.Ordinal) },
    };

    [Fact]
    public void Read_WhatWasWritten_IsTheSame()
    {
        var read = IndexOptionsJson.Read(IndexOptionsJson.Write(Options));

        read.Analyzer.StopWords.ShouldBe(["a", "b"], ignoreOrder: true);
        (read.Dimension, read.TitleWeight, read.HeadingWeight, read.GraphFromChunks, read.GraphLinks, read.GraphConstructionCandidates).ShouldBe((12, 5, 2, 9, 8, 50));
        IndexOptionsJson.Write(read).ShouldBe(IndexOptionsJson.Write(Options));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{")]
    public void Read_NoOptions_IsRefused(string json) => Should.Throw<JsonException>(() => IndexOptionsJson.Read(System.Text.Encoding.UTF8.GetBytes(json)));

    [Fact]
    public void HashOf_WhatDecides_ChangesWithIt()
    {
        var settings = new IndexSettings("model", 12);
        string[] hashes =
        [
            IndexConfiguration.HashOf(settings, Options),
            IndexConfiguration.HashOf(settings with { Model = "other" }, Options),
            IndexConfiguration.HashOf(settings, Options with { TitleWeight = 6 }),
            IndexConfiguration.HashOf(settings, Options with { Analyzer = new AnalyzerOptions() }),
        ];

        hashes.ShouldBeUnique();
        hashes.ShouldAllBe(hash => hash.Length == 16);
        IndexConfiguration.HashOf(settings, Options with { FlushChunks = 77 }).ShouldBe(hashes[0]);
    }
}
