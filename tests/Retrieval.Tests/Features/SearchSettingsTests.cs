using Google.Protobuf.WellKnownTypes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Retrieval.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.Retrieval.Features;
using RagPlatform.Retrieval.Features.Search;
using Engine = RagPlatform.Search;

namespace RagPlatform.Retrieval.Tests.Features;

/// <summary>What a search asks for, as the engine is told, and what is refused.</summary>
public sealed class SearchSettingsTests
{
    public static TheoryData<string, Action<SearchRequest>> Wrongs => new()
    {
        { "settings.fusion", request => request.Settings.Fusion = (FusionMethod)99 },
        { "settings.syntax", request => request.Settings.Syntax = (QuerySyntax)99 },
        { "settings.vector_weight", request => request.Settings.VectorWeight = double.NaN },
        { "settings.vector_weight", request => request.Settings.VectorWeight = -0.1 },
        { "settings.candidates", request => request.Settings.Candidates = 9 },
        { "settings.candidates", request => request.Settings.Candidates = 1001 },
        { "settings.candidates", request => request.Settings.Candidates = -1 },
        { "settings.max_chunks_per_document", request => request.Settings.MaxChunksPerDocument = -1 },
        { "settings.diversity", request => request.Settings.Diversity = 1.1 },
        { "settings.diversity", request => request.Settings.Diversity = double.NaN },
        { "settings.rerank_candidates", request => request.Settings.RerankCandidates = 9 },
        { "settings.rerank_candidates", request => request.Settings.RerankCandidates = 257 },
        { "settings.rerank_candidates", request => request.Settings.RerankCandidates = -1 },
        { "settings.rerank_model", request => request.Settings.RerankModel = new string('m', 257) },
    };

    public static TheoryData<string, Filter> WrongFilters => new()
    {
        { "filter", new Filter() },
        { "filter.not", new Filter { Not = new Filter() } },
        { "filter.all.filters[1]", new Filter { All = new FilterList { Filters = { On(new Condition { Field = "f", Exists = true }), new Filter() } } } },
        { "filter.any.filters", new Filter { Any = new FilterList { Filters = { Enumerable.Repeat(On(new Condition { Field = "f", Exists = true }), 65) } } } },
        { "filter.condition", On(new Condition { Field = "f" }) },
        { "filter.condition.field", On(new Condition { Field = "", Exists = true }) },
        { "filter.condition.field", On(new Condition { Field = new string('f', 129), Exists = true }) },
        { "filter.condition.equals", On(new Condition { Field = "f", Equals_ = new FilterValue() }) },
        { "filter.condition.equals.number", On(new Condition { Field = "f", Equals_ = new FilterValue { Number = double.NaN } }) },
        { "filter.condition.equals", On(new Condition { Field = "f", Equals_ = new FilterValue { Date = new Timestamp { Seconds = long.MaxValue } } }) },
        { "filter.condition.in.values", On(new Condition { Field = "f", In = new FilterValueList() }) },
        { "filter.condition.in.values", On(new Condition { Field = "f", In = new FilterValueList { Values = { Enumerable.Repeat(new FilterValue { Text = "v" }, 257) } } }) },
        { "filter.condition.range", On(new Condition { Field = "f", Range = new FilterRange() }) },
        { "filter.condition.range.at_most", On(new Condition { Field = "f", Range = new FilterRange { AtMost = new FilterValue { Text = "z" } } }) },
        { "filter.condition.range.less_than", On(new Condition { Field = "f", Range = new FilterRange { AtLeast = new FilterValue { Number = 1 }, LessThan = new FilterValue { Date = new Timestamp() } } }) },
    };

    [Theory]
    [MemberData(nameof(Wrongs), DisableDiscoveryEnumeration = true)]
    public void ToCommand_SettingOutOfRange_IsRefusedByName(string field, Action<SearchRequest> spoil)
    {
        var request = Request();
        spoil(request);

        var failure = Should.Throw<ServiceException>(() => request.ToCommand());

        (failure.Kind, failure.Field).ShouldBe((FailureKind.InvalidArgument, field));
        failure.Message.ShouldStartWith(field);
    }

    [Theory]
    [MemberData(nameof(WrongFilters), DisableDiscoveryEnumeration = true)]
    public void ToFilter_Wrong_IsRefusedByPath(string path, Filter filter)
    {
        var failure = Should.Throw<ServiceException>(() => filter.ToFilter());

        (failure.Kind, failure.Code, failure.Field).ShouldBe((FailureKind.InvalidArgument, "FILTER_INVALID", path));
    }

    [Fact]
    public void ToFilter_NestedTooDeep_IsRefused()
    {
        var filter = On(new Condition { Field = "f", Exists = true });
        for (var depth = 0; depth < 50; depth++)
        {
            filter = new Filter { Not = filter };
        }

        Should.Throw<ServiceException>(() => filter.ToFilter()).Message.ShouldContain("8");
    }

    [Fact]
    public void ToCommand_Everything_IsPassedOn()
    {
        var request = Request();
        request.VectorWeight = 0.1;
        request.Settings = new SearchSettings
        {
            Fusion = FusionMethod.ReciprocalRank, VectorWeight = 0.7, Candidates = 300, Syntax = QuerySyntax.Operators, TypoTolerance = true,
            MaxChunksPerDocument = 2, Diversity = 0.3, Exact = true, Explain = true,
            RerankModel = "r", RerankCandidates = 256,
        };
        request.Filter = On(new Condition { Field = "year", Range = new FilterRange { AtLeast = new FilterValue { Number = 2020 } } });

        var command = request.ToCommand();

        (command.Fusion, command.VectorWeight, command.Candidates, command.Syntax).ShouldBe((Engine.FusionMethod.ReciprocalRank, 0.7, 300, Engine.QuerySyntax.Operators));
        (command.TypoTolerance, command.MaxChunksPerDocument, command.Diversity, command.Exact, command.Explain).ShouldBe((true, 2, 0.3, true, true));
        (command.RerankModel, command.RerankCandidates).ShouldBe(("r", 256));
        command.Filter.ShouldBe(new Engine.Filters.Filter.Range("year", new Engine.Filters.FilterValue.Number(2020), null, null, null));
    }

    [Fact]
    public void ToCommand_NothingSet_LeavesItToTheCollection()
    {
        var command = new SearchRequest { Tenant = "acme", Collection = "docs", Query = "q" }.ToCommand();

        (command.TopK, command.Fusion, command.VectorWeight, command.Candidates, command.MaxChunksPerDocument, command.Diversity, command.Filter)
            .ShouldBe((10, null, null, null, null, null, null));
    }

    [Fact]
    public async Task Search_FilteredAndExplained_HandsBackWhy()
    {
        await using var host = await RetrievalHost.StartAsync();
        await host.IndexAsync(Batches.Version(Batches.Document("a"), 1));
        await host.IndexAsync(Batches.Version(Batches.Document("b"), 2));

        var response = await host.Client.SearchAsync(new SearchRequest
        {
            Tenant = "acme", Collection = "docs", Query = "common part2", TopK = 2, Settings = new SearchSettings { Explain = true },
            Filter = On(new Condition { Field = "version", Equals_ = new FilterValue { Number = 2 } }),
        });

        response.Hits.Count.ShouldBe(2);
        foreach (var hit in response.Hits)
        {
            (hit.DocumentId, hit.Explanation.Filters.Single().Value, hit.Explanation.Index).ShouldBe(("b", "2", "exact"));
            hit.Explanation.Terms.ShouldNotBeEmpty();
            (hit.Explanation.Lexical.Contribution + hit.Explanation.Vector.Contribution).ShouldBe(hit.Score, 1e-4);
        }

        (response.LexicalMilliseconds + response.VectorMilliseconds + response.FusionMilliseconds + response.FilterMilliseconds).ShouldBeLessThanOrEqualTo(response.SearchMilliseconds);
    }

    private static Filter On(Condition condition) => new() { Condition = condition };

    private static SearchRequest Request() => new() { Tenant = "acme", Collection = "docs", Query = "q", TopK = 10, Settings = new SearchSettings() };
}
