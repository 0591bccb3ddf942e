using System.Text.Json;
using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.QdrantStore;
using RagPlatform.Retrieval.Tests.Storage.Conformance;
using RagPlatform.Retrieval.Tests.Storage.QdrantServer;
using RagPlatform.Search;
using RagPlatform.Search.Filters;
using RagPlatform.Search.Lexical;
using RagPlatform.TestKit;
using static RagPlatform.Retrieval.Tests.Storage.Conformance.IndexedDocuments;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

public sealed class QdrantSearchTests : IAsyncLifetime
{
    private static readonly IndexKey Index = new(CollectionKey.Require("acme", "docs"), 1);

    private StrictQdrantServer _server = null!;
    private QdrantVectorStore _store = null!;

    public async Task InitializeAsync()
    {
        _server = await StrictQdrantServer.StartAsync();
        _store = QdrantStores.Create(_server.Address, ("AverageChunkTerms", "20"));
        await _store.OpenAsync(default).WithTimeout("opening");
        await _store.CreateAsync(Index, new IndexSettings("fake-model", Dimension), default).WithTimeout("creating");
    }

    public async Task DisposeAsync()
    {
        _store.Dispose();
        await _server.DisposeAsync();
        _server.Refusals.ShouldBeEmpty();
    }

    [Fact]
    public async Task Search_VersionSwitchesMeanwhile_SeesTheOldOneWholeAndItsChunksOutliveTheSearch()
    {
        await PutAsync(Create("doc", 1, 4));
        var (asked, goOn) = (NewSignal(), NewSignal());
        _server.Before = request =>
        {
            if (!request.EndsWith("/query/batch", StringComparison.Ordinal))
            {
                return Task.CompletedTask;
            }

            asked.TrySetResult();
            return goOn.Task;
        };
        var searching = SearchAsync(new SearchQuery { Text = "common", Vector = Vector(1), TopK = 10 });
        await asked.Task.WithTimeout("the query's arrival");

        var replacing = _store.ReplaceAsync(Index, Create("doc", 2, 3), default);
        await TestTimeout.EventuallyAsync(async () => await _store.FindVersionAsync(Index, "doc", default) == 2, "the switch");
        var later = SearchAsync(new SearchQuery { Text = "common", Vector = Vector(1), TopK = 10 });
        var wasDeleting = replacing.IsCompleted;
        goOn.SetResult();

        Versions(await searching.WithTimeout("the first search")).ShouldBe([1, 1, 1, 1]);
        Versions(await later.WithTimeout("the second search")).ShouldBe([2, 2, 2]);
        await replacing.WithTimeout("replacing");
        wasDeleting.ShouldBeFalse();
        _server.CountPoints("rag.acme.docs.1").ShouldBe(3 + 2);
    }

    [Fact]
    public async Task Search_InterruptedWritesLeftChunks_AreLeftOutByTheFilter()
    {
        await PutAsync(Create("few", 1, 3));
        _server.Fault = request => request.EndsWith("/points/delete", StringComparison.Ordinal) ? ServerFault.Unavailable : ServerFault.None;
        await Should.ThrowAsync<ServiceException>(() => PutAsync(Loud("many")));
        await Should.ThrowAsync<ServiceException>(() => PutAsync(Create("many", 2, 0)));
        var before = _server.Requests.Count;

        var result = await SearchAsync(new SearchQuery { Text = "common", Vector = Vector(1), TopK = 3, Candidates = 3 });

        result.Hits.Select(hit => hit.Document.DocumentId).ShouldBe(["few", "few", "few"]);
        (_server.Requests.Count - before).ShouldBeLessThanOrEqualTo(2);
    }

    [Fact]
    public async Task Search_ChunksThatNobodyKnowsFillTheAnswers_AsksForMore()
    {
        await PutAsync(Create("few", 1, 3));
        using (var other = QdrantStores.Create(_server.Address))
        {
            await other.OpenAsync(default);
            await other.ReplaceAsync(Index, Loud("many"), default).WithTimeout("another process's writing");
        }

        var result = await SearchAsync(new SearchQuery { Text = "common", Vector = Vector(1), TopK = 3, Candidates = 3 });

        result.Hits.Select(hit => hit.Document.DocumentId).ShouldBe(["few", "few", "few"]);
    }

    [Fact]
    public async Task Search_Lexical_ScoresAreBm25()
    {
        string[] texts = ["apple banana", "apple apple cherry", "banana", "durian elder fig", "apple banana cherry durian"];
        await PutAsync([.. texts.Select((text, i) => Plain($"doc{i}", text))]);

        var hits = (await SearchAsync(new SearchQuery { Text = "apple banana apple", Fusion = FusionMethod.Lexical, Explain = true })).Hits;

        hits.Count.ShouldBe(4);
        foreach (var hit in hits)
        {
            var words = hit.Chunk.Text.Split(' ');
            var expected = Part("apple", 3, 2) + Part("banana", 3, 1);
            hit.LexicalScore.ShouldBe(expected, 1e-4f);
            hit.Explanation!.Terms.Sum(term => term.Contribution).ShouldBe(expected, 1e-4);
            hit.Explanation.Terms.ShouldAllBe(term => Math.Abs(term.InverseDocumentFrequency - Bm25.InverseDocumentFrequency(5, 3)) < 1e-4);
            hit.Explanation.Terms.ShouldAllBe(term => term.Frequency == words.Count(word => word == term.QueryWord));

            float Part(string word, int withTerm, int weight) =>
                weight * Bm25.InverseDocumentFrequency(5, withTerm) * Bm25.Default.Saturation(words.Count(other => other == word), words.Length, 20);
        }
    }

    [Fact]
    public async Task EveryRequest_ThatHasAFilter_NamesTheTenant()
    {
        await PutAsync(Create("doc", 1, 3, ("team", "x")), Create("doc", 2, 3, ("team", "x")));
        var filter = new Filter.Not(new Filter.EqualTo("team", new FilterValue.Text("y")));
        await SearchAsync(new SearchQuery { Text = "common", Vector = Vector(1), Filter = filter, Explain = true, Diversity = 0.5 });
        await _store.CountFacetsAsync(Index, ["team"], filter, 10, default);
        await _store.ReadDocumentAsync(Index, "doc", default);
        await _store.RemoveAsync(Index, "doc", default);
        using (var reopened = QdrantStores.Create(_server.Address))
        {
            await reopened.OpenAsync(default);
        }

        var filters = _server.Requests.Where(request => request.Body.Length > 0).SelectMany(request => FiltersOf(JsonDocument.Parse(request.Body).RootElement)).ToList();

        filters.Count.ShouldBeGreaterThan(10);
        filters.ShouldAllBe(text => text.StartsWith("""{"must":[{"key":"tenant","match":{"value":"acme"}},{"key":"kind","match":{"value":""", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(QuerySyntax.Operators, false, "SYNTAX_NOT_SUPPORTED")]
    [InlineData(QuerySyntax.Plain, true, "TYPO_TOLERANCE_NOT_SUPPORTED")]
    public async Task Search_WhatQdrantCannot_IsRefusedByName(QuerySyntax syntax, bool typoTolerance, string code)
    {
        var query = new SearchQuery { Text = "common", Fusion = FusionMethod.Lexical, Syntax = syntax, TypoTolerance = typoTolerance };

        var failure = await Should.ThrowAsync<ServiceException>(() => SearchAsync(query));

        (failure.Kind, failure.Code).ShouldBe((FailureKind.InvalidArgument, code));
        failure.Remedy.ShouldNotBeNullOrEmpty();
    }

    [Theory]
    [InlineData("the of and")]
    [InlineData("")]
    [InlineData("?!")]
    public async Task Search_NoTermsAndNoVector_FindsNothingAndAsksNothing(string text)
    {
        await PutAsync(Create("doc"));
        var before = _server.Requests.Count;

        (await SearchAsync(new SearchQuery { Text = text, Fusion = FusionMethod.Lexical })).Hits.ShouldBeEmpty();

        _server.Requests.Count.ShouldBe(before);
    }

    [Theory]
    [InlineData(FusionMethod.Lexical, 2)]
    [InlineData(FusionMethod.Vector, 2)]
    [InlineData(FusionMethod.MinMax, 3)]
    public async Task Search_WithoutExtras_TakesFewRequests(FusionMethod fusion, int requests)
    {
        await PutAsync([.. Enumerable.Range(0, 30).Select(i => Create($"doc{i}", 1, 3))]);
        var before = _server.Requests.Count;

        await SearchAsync(new SearchQuery { Text = "doc3 part1", Vector = Vector(1), TopK = 5, Candidates = 10, Fusion = fusion });

        (_server.Requests.Count - before).ShouldBe(requests);
    }

    [Theory]
    [InlineData(FusionMethod.Lexical)]
    [InlineData(FusionMethod.Vector)]
    public async Task Search_OneArm_TellsTheOthersScoresToo(FusionMethod fusion)
    {
        await PutAsync(Create("doc", 1, 3), Create("other", 1, 3));
        var query = new SearchQuery { Text = "common part1", Vector = Vector(1), TopK = 10 };
        var scores = (await SearchAsync(query)).Hits.ToDictionary(hit => hit.Chunk.ChunkId, hit => (hit.LexicalScore, hit.VectorScore));

        var hits = (await SearchAsync(query with { Fusion = fusion })).Hits;

        hits.Count.ShouldBe(6);
        hits.ToDictionary(hit => hit.Chunk.ChunkId, hit => (hit.LexicalScore, hit.VectorScore)).ShouldBe(scores, ignoreOrder: true);
    }

    [Fact]
    public async Task Search_BothArms_SmoothsAsWithAllVectorsAtHand()
    {
        await PutAsync([.. Enumerable.Range(0, 20).Select(i => Create($"doc{i}", 1, 3))]);
        var query = new SearchQuery { Text = "doc3 part1", Vector = Vector(1), TopK = 60, Explain = true };

        var fetched = (await SearchAsync(query)).Hits.OrderBy(hit => hit.Chunk.ChunkId, StringComparer.Ordinal).ToList();
        // Reordering by diversity brings every vector along, and changes no score.
        var alongside = (await SearchAsync(query with { Diversity = 0.01 })).Hits.OrderBy(hit => hit.Chunk.ChunkId, StringComparer.Ordinal).ToList();

        fetched.ShouldContain(hit => hit.Explanation!.Smoothing != 0);
        fetched.Select(hit => (hit.Chunk.ChunkId, hit.Score)).ShouldBe(alongside.Select(hit => (hit.Chunk.ChunkId, hit.Score)));
    }

    private static IndexedDocument Plain(string id, string text)
    {
        var document = Create(id, 1, 1);
        return document with { Title = "", Chunks = [document.Chunks[0] with { Text = text, HeadingPath = [] }] };
    }

    /// <summary>Ranked before all others by either arm.</summary>
    private static IndexedDocument Loud(string id)
    {
        var document = Create(id, 1, 40);
        return document with { Chunks = [.. document.Chunks.Select(chunk => chunk with { Text = "common", Vector = Vector(1) })] };
    }

    private static long[] Versions(SearchResult result) => [.. result.Hits.Where(hit => hit.Document.DocumentId == "doc").Select(hit => hit.Document.Version)];

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static IEnumerable<string> FiltersOf(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Object when body.TryGetProperty("filter", out var filter) => [filter.GetRawText()],
        JsonValueKind.Object when body.TryGetProperty("searches", out var searches) => searches.EnumerateArray().SelectMany(FiltersOf),
        _ => [],
    };

    private async Task PutAsync(params IndexedDocument[] documents)
    {
        foreach (var document in documents)
        {
            await _store.ReplaceAsync(Index, document, default).WithTimeout("replacing");
        }
    }

    private Task<SearchResult> SearchAsync(SearchQuery query) => _store.SearchAsync(Index, query, default).WithTimeout("searching");
}
