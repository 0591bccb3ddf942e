using RagPlatform.TestKit;
using Search = RagPlatform.Protos.Search.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client.Tests.Client;

public sealed class SearchCallTests
{
    private static readonly DateTimeOffset Day = new(2020, 1, 31, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Search_WithEveryOption_SendsThemAll()
    {
        var request = await SentAsync(new SearchOptions
        {
            Collection = "docs",
            TopK = 3,
            Filter = Filter.Where("lang").EqualTo("de"),
            Fusion = FusionMethod.ReciprocalRank,
            VectorWeight = 0,
            Candidates = 500,
            Operators = true,
            TypoTolerance = true,
            MaxChunksPerDocument = 1,
            Diversity = 0,
            Exact = true,
            Explain = true,
            RerankModel = "",
            RerankCandidates = 20,
        });

        request.ShouldBe(new V1.SearchRequest
        {
            Query = "?",
            Collection = "docs",
            TopK = 3,
            Filter = new Search.Filter { Condition = new Search.Condition { Field = "lang", Equals_ = new Search.FilterValue { Text = "de" } } },
            Settings = new Search.SearchSettings
            {
                Fusion = Search.FusionMethod.ReciprocalRank, VectorWeight = 0, Candidates = 500, Syntax = Search.QuerySyntax.Operators, TypoTolerance = true,
                MaxChunksPerDocument = 1, Diversity = 0, Exact = true, Explain = true, RerankModel = "", RerankCandidates = 20,
            },
        });
    }

    [Fact]
    public async Task Search_WithoutOptions_LeavesEverythingToThePlatform()
    {
        var settings = (await SentAsync(new SearchOptions())).Settings;

        settings.ShouldBe(new Search.SearchSettings());
        settings.HasVectorWeight.ShouldBeFalse();
        settings.HasDiversity.ShouldBeFalse();
        settings.HasRerankModel.ShouldBeFalse();
    }

    [Fact]
    public async Task Filter_OfEveryKind_IsSentAsItIs()
    {
        var filter = Filter.Where("year").Between(2020, 2024.5)
            & (Filter.Where("lang").In("de", "en") | !Filter.Where("draft").Exists())
            & (Filter.Where("at").MoreThan(Day) | Filter.Where("at").LessThan(Day));

        var sent = (await SentAsync(new SearchOptions { Filter = filter })).Filter;

        sent.ToString().ShouldBe(
            """
            { "all": { "filters": [ { "all": { "filters": [
            { "condition": { "field": "year", "range": { "atLeast": { "number": 2020 }, "atMost": { "number": 2024.5 } } } },
            { "any": { "filters": [ { "condition": { "field": "lang", "in": { "values": [ { "text": "de" }, { "text": "en" } ] } } },
            { "not": { "condition": { "field": "draft", "exists": true } } } ] } } ] } },
            { "any": { "filters": [ { "condition": { "field": "at", "range": { "moreThan": { "date": "2020-01-31T00:00:00Z" } } } },
            { "condition": { "field": "at", "range": { "lessThan": { "date": "2020-01-31T00:00:00Z" } } } } ] } } ] } }
            """.ReplaceLineEndings(" "));
    }

    [Fact]
    public async Task Explanation_OfAHit_ArrivesWhole()
    {
        var gateway = new FakeGateway();
        gateway.Answers[typeof(V1.SearchRequest)] = new V1.SearchResponse
        {
            Hits =
            {
                new V1.SearchHit
                {
                    Explanation = new Search.Explanation
                    {
                        Lexical = new Search.ArmExplanation { Rank = 2, Score = 7.5, Normalized = 0.8, Weight = 0.5, Contribution = 0.4 },
                        Terms = { new Search.MatchedTerm { Term = "run", QueryWord = "running", Frequency = 3, InverseDocumentFrequency = 1.5, Contribution = 4 } },
                        TitleLinkBonus = 0.1,
                        Smoothing = -0.02,
                        Filters = { new Search.FilterDecision { Condition = "year >= 2020", Value = "2021", Holds = true } },
                        RankBeforeDiversity = 4,
                        Index = "hnsw",
                        Rerank = new Search.RerankExplanation { Model = "tiny", Logit = 2.5, RankBefore = 7, ScoreBefore = 0.6, UnseenTokens = 12 },
                    },
                },
                new V1.SearchHit(),
            },
        };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var hits = (await client.SearchAsync("?").WithTimeout("the search")).Hits;

        hits[1].Explanation.ShouldBeNull();
        var explanation = hits[0].Explanation.ShouldNotBeNull();
        explanation.Lexical.ShouldBe(new ArmExplanation(2, 7.5, 0.8, 0.5, 0.4));
        explanation.Vector.Rank.ShouldBe(0);
        explanation.Terms.ShouldBe([new MatchedTerm("run", "running", 3, 1.5, 4)]);
        explanation.Filters.ShouldBe([new FilterDecision("year >= 2020", "2021", true)]);
        explanation.Rerank.ShouldBe(new RerankExplanation("tiny", 2.5, 7, 0.6, 12));
        (explanation.TitleLinkBonus, explanation.Smoothing, explanation.RankBeforeDiversity, explanation.Index).ShouldBe((0.1, -0.02, 4, "hnsw"));
    }

    [Fact]
    public async Task Question_SendsItsFilter()
    {
        var gateway = new FakeGateway();
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        await client.AnswerAsync(new Question("?") { Filter = Filter.Where("title").EqualTo("x") }).WithTimeout("the answer");

        ((V1.AskRequest)gateway.Requests.ShouldHaveSingleItem()).Filter.Condition.Field.ShouldBe("title");
    }

    [Fact]
    public async Task Facets_AreCountedByField()
    {
        var gateway = new FakeGateway();
        gateway.Answers[typeof(V1.CountFacetsRequest)] = new V1.CountFacetsResponse
        {
            Facets = { new Search.Facet { Field = "lang", Values = { new Search.FacetValue { Value = "de", DocumentCount = 3 } }, DistinctValues = 2 } },
            DocumentCount = 4,
        };
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);

        var counts = await client.CountFacetsAsync(["lang", "year"], "docs", Filter.Where("draft").Exists(), 5).WithTimeout("the count");

        counts.DocumentCount.ShouldBe(4);
        var facet = counts.Facets.ShouldHaveSingleItem();
        (facet.Field, facet.DistinctValues).ShouldBe(("lang", 2));
        facet.Values.ShouldBe([new FacetValue("de", 3)]);
        gateway.Requests.ShouldBe([new V1.CountFacetsRequest
        {
            Collection = "docs", Fields = { "lang", "year" }, MaxValues = 5, Filter = new Search.Filter { Condition = new Search.Condition { Field = "draft", Exists = true } },
        }]);
    }

    [Fact]
    public void FusionMethods_OfTheClient_AreThoseOfTheProtocol() =>
        Enum.GetValues<FusionMethod>().Select(method => $"{method}={(int)method}").ShouldBe(Enum.GetValues<Search.FusionMethod>().Select(method => $"{method}={(int)method}"));

    private static async Task<V1.SearchRequest> SentAsync(SearchOptions options)
    {
        var gateway = new FakeGateway();
        gateway.Answers[typeof(V1.SearchRequest)] = new V1.SearchResponse();
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server);
        await client.SearchAsync("?", options).WithTimeout("the search");
        return (V1.SearchRequest)gateway.Requests.ShouldHaveSingleItem();
    }
}
