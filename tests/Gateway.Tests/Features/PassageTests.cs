using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using Ingestion = RagPlatform.Protos.Ingestion.V1;
using Retrieval = RagPlatform.Protos.Retrieval.V1;

namespace RagPlatform.Gateway.Tests.Features;

/// <summary>Where hits stand, and how documents would be cut.</summary>
public sealed class PassageTests
{
    [Fact]
    public async Task Hits_OfOneParent_BecomeThatParentAndSayWhereTheyStand()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Search = (_, _) => Task.FromResult(new Retrieval.SearchResponse { Hits = { Hit("a", 10, 20), Hit("b", 10, 20), Hit("a", 30, 40), Hit("a", 99, 100) } });
        server.Fakes.ReadPassages = request => new Ingestion.ReadPassagesResponse
        {
            Passages =
            {
                request.Ranges.Select(range => range.EndOffset <= 50 && range.DocumentId == "a" && request.WidenToParent
                    ? new Ingestion.Passage { Found = true, Text = "the parent", StartOffset = 0, EndOffset = 50, Location = "pages 1-2" }
                    : new Ingestion.Passage { Found = range.DocumentId == "b", Text = "child", StartOffset = range.StartOffset, EndOffset = range.EndOffset, Location = "page 3" }),
            },
        };

        var response = await server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key());

        response.Hits.Select(hit => (hit.DocumentId, hit.StartOffset, hit.EndOffset, hit.Text, hit.Location))
            .ShouldBe([("a", 0, 50, "the parent", "pages 1-2"), ("b", 10, 20, "child", "page 3"), ("a", 99, 100, "child", "")]);
        response.Timings.ShouldContain(timing => timing.Part == "passages");
        server.Fakes.Tenants.Distinct().ShouldBe(["a"]);
    }

    [Fact]
    public async Task Search_WhileTheRegistryFails_IsAnsweredWithoutPlaces()
    {
        await using var server = await GatewayServer.StartAsync();
        server.Fakes.Search = (_, _) => Task.FromResult(new Retrieval.SearchResponse { Hits = { Hit("a", 10, 20) } });
        server.Fakes.ReadPassages = _ => throw new ServiceException(FailureKind.InvalidArgument, "TEST", "ranges: refused.");

        var hit = (await server.Client.SearchAsync(new SearchRequest(), GatewayServer.Key())).Hits.ShouldHaveSingleItem();

        (hit.Text, hit.Location).ShouldBe(("child", ""));
    }

    [Fact]
    public async Task Preview_ArrivesWholeInBothDirections()
    {
        await using var server = await GatewayServer.StartAsync();
        Ingestion.PreviewChunksRequest? seen = null;
        var part = Filled.Message<Ingestion.PreviewChunksResponse>();
        server.Fakes.Preview = async (request, parts) =>
        {
            seen = request;
            await parts.WriteAsync(part);
        };
        var request = Filled.Message<PreviewChunksRequest>();

        var received = await server.Client.PreviewChunks(request, GatewayServer.Key()).ReadAsync();

        Alike.ShouldBeAlike(received.ShouldHaveSingleItem(), part);
        seen.ShouldNotBeNull().Tenant.ShouldBe("a");
        seen.Tenant = "";
        Alike.ShouldBeAlike(request, seen);
    }

    private static Retrieval.SearchHit Hit(string id, int start, int end) => new() { DocumentId = id, Version = 1, Text = "child", StartOffset = start, EndOffset = end };
}
