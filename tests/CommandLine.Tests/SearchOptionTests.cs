using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;

namespace RagPlatform.CommandLine.Tests;

public sealed class SearchOptionTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    [Fact]
    public async Task Search_WithoutOptions_LeavesEverythingToThePlatform()
    {
        await rag.RunAsync("search", "refunds");

        rag.Gateway.Searches.Last().ShouldBe(new SearchRequest { Query = "refunds", Collection = "default", TopK = 10, Settings = new SearchSettings() });
    }

    [Fact]
    public async Task Search_EveryOption_IsPassedOn()
    {
        await rag.RunAsync(
            "search", "+refund -draft", "-n", "3", "-c", "docs", "--filter", "year >= 2020 and (lang = \"de\" or not draft exists)", "--explain", "--fusion", "rrf",
            "--vector-weight", "0.25", "--candidates", "500", "--exact", "--diversity", "0.5", "--group", "--typos", "--operators",
            "--rerank", "tiny", "--rerank-candidates", "64");

        var search = rag.Gateway.Searches.Last();
        (search.Query, search.Collection, search.TopK).ShouldBe(("+refund -draft", "docs", 3));
        search.Settings.ShouldBe(new SearchSettings
        {
            Fusion = FusionMethod.ReciprocalRank, VectorWeight = 0.25, Candidates = 500, Syntax = QuerySyntax.Operators, TypoTolerance = true, MaxChunksPerDocument = 1,
            Diversity = 0.5, Exact = true, Explain = true, RerankModel = "tiny", RerankCandidates = 64,
        });
        search.Filter.All.Filters[0].Condition.Range.AtLeast.Number.ShouldBe(2020);
        search.Filter.All.Filters[1].Any.Filters.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Search_RerankNone_OverridesTheCollection()
    {
        await rag.RunAsync("search", "refunds", "--rerank", "none");

        rag.Gateway.Searches.Last().Settings.ShouldBe(new SearchSettings { RerankModel = "" });
    }

    [Fact]
    public async Task Ask_Filter_IsPassedOn()
    {
        rag.Gateway.Answer = [new AskResponse { Text = "Yes." }];

        await rag.RunAsync("ask", "Really?", "--filter", "document_id in (\"a\", 'b')");

        rag.Gateway.Questions.Last().Filter.Condition.In.Values.Select(value => value.Text).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task Explain_SaysWhyInLinesForPeopleAndInJson()
    {
        rag.Gateway.Hits =
        [
            new SearchHit
            {
                DocumentId = "a",
                Title = "Guide",
                Text = "Running.",
                Score = 0.9,
                Explanation = new Explanation
                {
                    Lexical = new ArmExplanation { Rank = 2, Score = 7.5, Normalized = 0.8, Weight = 0.5, Contribution = 0.4 },
                    Vector = new ArmExplanation { Score = 0.25, Weight = 0.5 },
                    Terms = { new MatchedTerm { Term = "run", QueryWord = "running", Frequency = 3, InverseDocumentFrequency = 1.5, Contribution = 4 }, new MatchedTerm { Term = "\u001b[2J", Frequency = 1 } },
                    TitleLinkBonus = 0.1,
                    Smoothing = -0.02,
                    Filters = { new FilterDecision { Condition = "year >= 2020", Value = "2021", Holds = true }, new FilterDecision { Condition = "draft exists", Holds = false } },
                    Rerank = new RerankExplanation { Model = "tiny", Logit = 2.5, RankBefore = 7, ScoreBefore = 0.6, UnseenTokens = 12 },
                    RankBeforeDiversity = 4,
                    Index = "hnsw",
                },
            },
        ];

        var ran = await rag.RunAsync("search", "running", "--explain");
        var json = (await rag.RunAsync("search", "running", "--explain", "--json")).Json;

        ran.Lines.ShouldBe(
        [
            "1. Guide  0.90",
            "   a",
            "   Running.",
            "   words    rank 2, BM25 7.500, scaled 0.800 x weight 0.50 = 0.400",
            "   meaning  not proposed, cosine 0.250, scaled 0.000 x weight 0.50 = 0.000, found by hnsw",
            "   alike    -0.020, for what the chunks most like it score",
            "   title    +0.100, better hits mention it",
            "   terms    run (from running) 4.00 (3x, rarity 1.50); \ufffd[2J 0.00 (1x, rarity 0.00)",
            "   filter   year >= 2020 holds: 2021",
            "   filter   draft exists does not hold: there is no such field",
            "   reranked by tiny: 2.500, from place 7 with 0.600, 12 tokens unseen",
            "   moved    from place 4, for diversity",
        ]);
        var explanation = json.GetProperty("hits")[0].GetProperty("explanation");
        explanation.GetProperty("lexical").GetProperty("rank").GetInt32().ShouldBe(2);
        explanation.GetProperty("filters")[1].GetProperty("holds").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Facets_AreCountedAndLinedUp()
    {
        rag.Gateway.Facets =
        [
            new Facet { Field = "lang", Values = { new FacetValue { Value = "de", DocumentCount = 12 }, new FacetValue { Value = "en\u001b[31m", DocumentCount = 3 } }, DistinctValues = 42 },
            new Facet { Field = "year" },
        ];

        var ran = await rag.RunAsync("facets", "lang", "year", "-n", "2", "--filter", "draft exists");
        var json = (await rag.RunAsync("facets", "lang", "year", "--json")).Json;

        ran.Lines.ShouldBe(["lang", "  12  de", "   3  en\ufffd[31m", "  and 40 more values", "year"]);
        ran.Err.ShouldContain("15 documents in default.");
        ran.ExitCode.ShouldBe(ExitCode.Ok);
        rag.Gateway.Counted.Single(request => request.Filter is not null).ShouldBe(new CountFacetsRequest { Collection = "default", Fields = { "lang", "year" }, MaxValues = 2, Filter = new Filter { Condition = new Condition { Field = "draft", Exists = true } } });
        json.GetProperty("documentCount").GetInt64().ShouldBe(15);
        json.GetProperty("facets")[0].GetProperty("values")[0].GetProperty("documentCount").GetInt64().ShouldBe(12);
    }

    [Fact]
    public async Task Facets_OfNothing_AreExitCodeThree()
    {
        rag.Gateway.Facets = [new Facet { Field = "lang" }];

        (await rag.RunAsync("facets", "lang")).ExitCode.ShouldBe(ExitCode.NothingFound);
    }
}
