using System.Diagnostics;
using Google.Protobuf;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Protos.Gateway.V1;
using Generation = RagPlatform.Protos.Generation.V1;
using Ingestion = RagPlatform.Protos.Ingestion.V1;
using Retrieval = RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Gateway.Tests.Features;

/// <summary>Nothing is lost between the services' messages and the public ones: equal names, equal JSON.</summary>
public sealed class MappingTests
{
    [Fact]
    public async Task Document_AndItsEvents_ArriveWhole()
    {
        await using var server = await GatewayServer.StartAsync();
        var stored = Filled.Message<Ingestion.GetDocumentResponse>();
        server.Fakes.Get = _ => stored;

        var response = await server.Client.GetDocumentAsync(new GetDocumentRequest(), GatewayServer.Key());

        Alike.ShouldBeAlike(response, stored);
    }

    [Fact]
    public async Task Header_OfADocument_ArrivesWholeWithTheTenant()
    {
        await using var server = await GatewayServer.StartAsync();
        Ingestion.PutDocumentRequest? seen = null;
        server.Fakes.Put = request =>
        {
            seen = request;
            return Filled.Message<Ingestion.PutDocumentResponse>();
        };
        var header = Filled.Message<DocumentHeader>();

        var response = await server.Client.PutDocumentAsync(new PutDocumentRequest { Header = header, Content = ByteString.CopyFromUtf8("text") }, GatewayServer.Key());

        Alike.ShouldBeAlike(response, Filled.Message<Ingestion.PutDocumentResponse>());
        seen.ShouldNotBeNull().Header.Tenant.ShouldBe("a");
        seen.Content.ToStringUtf8().ShouldBe("text");
        seen.Header.Tenant = "";
        Alike.ShouldBeAlike(header, seen.Header);
    }

    [Fact]
    public async Task Collection_LeftOut_IsDefaultButAllInAListing()
    {
        await using var server = await GatewayServer.StartAsync();
        var collections = new List<string>();
        server.Fakes.Get = request =>
        {
            collections.Add(request.Collection);
            return new Ingestion.GetDocumentResponse { Document = new Ingestion.Document() };
        };
        server.Fakes.List = request =>
        {
            collections.Add(request.Collection);
            return new Ingestion.ListDocumentsResponse();
        };

        await server.Client.GetDocumentAsync(new GetDocumentRequest(), GatewayServer.Key());
        await server.Client.ListDocumentsAsync(new ListDocumentsRequest(), GatewayServer.Key());

        collections.ShouldBe(["default", ""]);
    }

    [Fact]
    public async Task Listing_PassesPagingThrough()
    {
        await using var server = await GatewayServer.StartAsync();
        Ingestion.ListDocumentsRequest? seen = null;
        server.Fakes.List = request =>
        {
            seen = request;
            return Filled.Message<Ingestion.ListDocumentsResponse>();
        };
        var request = Filled.Message<ListDocumentsRequest>();

        var response = await server.Client.ListDocumentsAsync(request, GatewayServer.Key());

        Alike.ShouldBeAlike(response, Filled.Message<Ingestion.ListDocumentsResponse>());
        seen.ShouldNotBeNull().Tenant.ShouldBe("a");
        seen.Tenant = "";
        Alike.ShouldBeAlike(request, seen);
    }

    [Fact]
    public async Task Watch_StreamsEveryEvent()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Watch = async (_, events, _) =>
        {
            for (var sequence = 1; sequence <= 3; sequence++)
            {
                await events.WriteAsync(new Ingestion.WatchDocumentResponse { Event = new Ingestion.DocumentEvent { Sequence = sequence } });
            }
        };

        var seen = await server.Client.WatchDocument(new WatchDocumentRequest(), GatewayServer.Key()).ReadAsync();

        seen.Select(response => response.Event.Sequence).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task SearchHits_ArriveWholeAndTheTimeIsAccountedFor()
    {
        await using var server = await GatewayServer.StartAsync();
        var hit = Filled.Message<Retrieval.SearchHit>();
        server.Fakes.Search = (_, _) => Task.FromResult(new Retrieval.SearchResponse { Hits = { hit }, EmbeddingMilliseconds = 5, ModelMilliseconds = 3, SearchMilliseconds = 1 });

        var response = await server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key());

        Alike.ShouldBeAlike(response.Hits.ShouldHaveSingleItem(), hit);
        response.Timings.Select(timing => (timing.Part, timing.IsModel)).ShouldBe([("embedding", false), ("question embedding", true), ("search", false), ("passages", false), ("gateway", false)]);
        response.Timings.Take(3).Select(timing => timing.Milliseconds).ShouldBe([2, 3, 1]);
    }

    [Fact]
    public async Task Search_WithSettings_ArrivesWholeAndItsRerankingIsAccountedFor()
    {
        await using var server = await GatewayServer.StartAsync();
        Retrieval.SearchRequest? seen = null;
        server.Fakes.Search = (request, _) =>
        {
            seen = request;
            return Task.FromResult(new Retrieval.SearchResponse { RerankModel = "tiny", RerankMilliseconds = 7, RerankModelMilliseconds = 4 });
        };
        var settings = Filled.Message<RagPlatform.Protos.Search.V1.SearchSettings>();

        var response = await server.Client.SearchAsync(new SearchRequest { Settings = settings }, GatewayServer.Key());

        seen.ShouldNotBeNull().Settings.ShouldBe(settings);
        response.Timings.Where(timing => timing.Part.StartsWith("rerank", StringComparison.Ordinal)).Select(timing => (timing.Part, timing.Milliseconds, timing.IsModel))
            .ShouldBe([("reranking call", 3, false), ("reranking", 4, true)]);
    }

    [Fact]
    public async Task Search_PassesFilterAndSettings()
    {
        await using var server = await GatewayServer.StartAsync();
        Retrieval.SearchRequest? seen = null;
        server.Fakes.Search = (request, _) =>
        {
            seen = request;
            return Task.FromResult(new Retrieval.SearchResponse());
        };
        var request = Filled.Message<SearchRequest>();

        await server.Client.SearchAsync(request, GatewayServer.Key());

        seen.ShouldNotBeNull().Tenant.ShouldBe("a");
        seen.Tenant = "";
        Alike.ShouldBeAlike(request, seen);
    }

    [Fact]
    public async Task Search_MeasuredByStage_TellsEachStageAndTheRest()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Search = (_, _) => Task.FromResult(new Retrieval.SearchResponse
        {
            SearchMilliseconds = 10, LexicalMilliseconds = 2, VectorMilliseconds = 3, FusionMilliseconds = 1, FilterMilliseconds = 0.5,
        });

        var timings = (await server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key())).Timings;

        timings.Skip(2).SkipLast(1).Select(timing => (timing.Part, timing.Milliseconds))
            .ShouldBe([("filter", 0.5), ("lexical search", 2), ("vector search", 3), ("fusion", 1), ("search", 3.5)]);
    }

    [Fact]
    public async Task Question_PassesItsFilter()
    {
        await using var server = await GatewayServer.StartAsync();
        Generation.AnswerRequest? seen = null;
        server.Fakes.Answer = (request, _, _) =>
        {
            seen = request;
            return Task.CompletedTask;
        };
        var request = Filled.Message<AskRequest>();

        await server.Client.Ask(request, GatewayServer.Key()).ReadAsync();

        seen.ShouldNotBeNull().Tenant.ShouldBe("a");
        seen.Tenant = "";
        Alike.ShouldBeAlike(request, seen);
    }

    [Fact]
    public async Task Answer_StreamsItsPartsInOrderWithTimingsAndTrace()
    {
        using var listener = new ActivityListener { ShouldListenTo = source => source.Name == "Microsoft.AspNetCore", Sample = (ref _) => ActivitySamplingResult.AllData };
        ActivitySource.AddActivityListener(listener);
        await using var server = await GatewayServer.StartAsync();
        var source = Filled.Message<Generation.Source>();
        var citation = Filled.Message<Generation.Citation>();
        server.Fakes.Answer = async (_, parts, _) =>
        {
            await parts.WriteAsync(new Generation.AnswerResponse { Sources = new Generation.SourceList { Sources = { source } } });
            await parts.WriteAsync(new Generation.AnswerResponse { Text = "One " });
            await parts.WriteAsync(new Generation.AnswerResponse { Text = "two." });
            await parts.WriteAsync(new Generation.AnswerResponse { Abstention = Filled.Message<Generation.Abstention>() });
            await parts.WriteAsync(new Generation.AnswerResponse { Citations = new Generation.CitationList { Citations = { citation } } });
            await parts.WriteAsync(new Generation.AnswerResponse { Completion = Filled.Message<Generation.Completion>() });
        };

        var parts = await server.Client.Ask(new AskRequest { Question = "?" }, GatewayServer.Key()).ReadAsync();

        parts.Select(part => part.PartCase).ShouldBe(
        [
            AskResponse.PartOneofCase.Sources, AskResponse.PartOneofCase.Text, AskResponse.PartOneofCase.Text,
            AskResponse.PartOneofCase.Abstention, AskResponse.PartOneofCase.Citations, AskResponse.PartOneofCase.Completion,
        ]);
        parts[0].Sources.Sources[0].Number.ShouldBe(source.Number);
        source.Number = 0;
        Alike.ShouldBeAlike(parts[0].Sources.Sources[0].Hit, source);
        string.Concat(parts.Select(part => part.Text)).ShouldBe("One two.");
        Alike.ShouldBeAlike(parts[3].Abstention, Filled.Message<Generation.Abstention>());
        Alike.ShouldBeAlike(parts[4].Citations.Citations[0], citation);
        var completion = parts[5].Completion;
        Alike.ShouldBeAlike(completion.Usage, WithoutTimings(Filled.Message<Generation.Completion>()));
        completion.Timings.Select(timing => timing.Part).ShouldBe(["part", "gateway"]);
        completion.TraceId.ShouldMatch("^[0-9a-f]{32}$");
    }

    private static Generation.Completion WithoutTimings(Generation.Completion completion)
    {
        completion.Timings.Clear();
        return completion;
    }
}
