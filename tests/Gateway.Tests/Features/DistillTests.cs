using System.Globalization;
using Grpc.Core;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;
using Embedding = RagPlatform.Protos.Embedding.V1;
using Ingestion = RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Gateway.Tests.Features;

public sealed class DistillTests
{
    private const int ChunksPerDocument = 3;

    [Fact]
    public async Task Distill_Collection_SendsEveryChunkOnceWithTitlesAndHeadings()
    {
        await using var server = await StartAsync(documents: 250, pageSize: 100);
        var sent = Collect(server);

        var steps = await server.Client.DistillModel(Request(), GatewayServer.Key()).ReadAsync();

        steps.ShouldBe([new DistillModelResponse { Step = "embedding", Done = 2, Total = 3, Model = "new" }]);
        sent.Count.ShouldBe(3, "750 passages, 256 in a request");
        sent.Select(request => (request.Model, request.Name, request.ExpectedPassages)).ShouldBe([("encoder", "new", 750), ("", "", 0), ("", "", 0)]);
        var passages = sent.SelectMany(request => request.Passages).ToList();
        passages.Select(passage => passage.Text).Distinct().Count().ShouldBe(750);
        passages.ShouldAllBe(passage => passage.Title.StartsWith("Title of d") && passage.HeadingPath.Single() == "heading");
        passages.Take(30).Select(passage => passage.Title).Distinct().ShouldNotBe(Enumerable.Range(0, 10).Select(i => $"Title of d{i}"), "documents come in a random order");
    }

    [Fact]
    public async Task Distill_MoreChunksThanWanted_SendsSoManyOfDocumentsFromAnywhere()
    {
        await using var server = await StartAsync(documents: 900, pageSize: 100);
        var sent = Collect(server);
        var request = Request();
        request.MaxChunks = 100;

        await server.Client.DistillModel(request, GatewayServer.Key()).ReadAsync();

        sent.Sum(part => part.Passages.Count).ShouldBe(100);
        sent[0].ExpectedPassages.ShouldBe(100);
        var numbers = sent.SelectMany(part => part.Passages).Select(passage => int.Parse(passage.Title["Title of d".Length..], CultureInfo.InvariantCulture)).ToList();
        numbers.Min().ShouldBeLessThan(300);
        numbers.Max().ShouldBeGreaterThan(600);
    }

    [Fact]
    public async Task Distill_DocumentThatIsGone_IsPassedOver()
    {
        await using var server = await StartAsync(documents: 5, pageSize: 100);
        var sent = Collect(server);
        var read = server.Fakes.ReadChunks;
        server.Fakes.ReadChunks = (request, target) => request.DocumentId == "d3" ? throw new ServiceException(FailureKind.NotFound, "VERSION_NOT_FOUND", "Of one document.").ToRpcException() : read(request, target);

        await server.Client.DistillModel(Request(), GatewayServer.Key()).ReadAsync();

        sent.Sum(part => part.Passages.Count).ShouldBe(4 * ChunksPerDocument);
    }

    [Fact]
    public async Task Distill_ReadingFails_EndsTheDistillationBeforeItTakesHalfASample()
    {
        await using var server = await StartAsync(documents: 5, pageSize: 100);
        var ended = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        server.Fakes.Distill = async (requests, _, context) =>
        {
            try
            {
                while (await requests.MoveNext(context.CancellationToken))
                {
                }

                ended.SetResult(true);
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or RpcException)
            {
                ended.SetResult(false);
            }
        };
        server.Fakes.ReadChunks = (_, _) => throw new ServiceException(FailureKind.Unavailable, "DOWN", "Ingestion is down.").ToRpcException();

        (await Failures.StatusOfAsync(() => server.Client.DistillModel(Request(), GatewayServer.Key()).ReadAsync())).ShouldBe(StatusCode.Unavailable);
        (await ended.Task.WithTimeout("the end of the distillation")).ShouldBeFalse("a whole sample was not sent");
    }

    [Fact]
    public async Task Distill_EmbeddingRefuses_TheCallerHearsWhy()
    {
        await using var server = await StartAsync(documents: 2000, pageSize: 1000);
        server.Fakes.Distill = async (requests, _, _) =>
        {
            await requests.MoveNext();
            throw new ServiceException(FailureKind.AlreadyExists, "NAME_TAKEN", "name: 'new' is taken.").ToRpcException();
        };

        (await Failures.OfAsync(() => server.Client.DistillModel(Request(), GatewayServer.Key()).ReadAsync())).Code.ShouldBe("NAME_TAKEN");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(50_001)]
    public async Task Distill_ChunksOutOfRange_IsRefused(int chunks)
    {
        await using var server = await StartAsync(documents: 1, pageSize: 100);
        var request = Request();
        request.MaxChunks = chunks;

        var failure = await Failures.OfAsync(() => server.Client.DistillModel(request, GatewayServer.Key()).ReadAsync());

        failure.Field.ShouldBe("max_chunks");
        failure.Message.ShouldContain($"{chunks} is outside 1 to 50000");
    }

    private static DistillModelRequest Request() => new() { Model = "encoder", Collection = "docs", Name = "new" };

    private static List<Embedding.DistillModelRequest> Collect(GatewayServer server)
    {
        var sent = new List<Embedding.DistillModelRequest>();
        server.Fakes.Distill = async (requests, target, context) =>
        {
            while (await requests.MoveNext(context.CancellationToken))
            {
                sent.Add(requests.Current);
            }

            await target.WriteAsync(new Embedding.DistillModelResponse { Step = "embedding", Done = 2, Total = 3, Model = "new" });
        };
        return sent;
    }

    private static async Task<GatewayServer> StartAsync(int documents, int pageSize)
    {
        var server = await GatewayServer.StartAsync();
        server.Fakes.List = request =>
        {
            request.Collection.ShouldBe("docs");
            request.State.ShouldBe(Ingestion.DocumentState.Indexed);
            var from = request.PageToken.Length > 0 ? int.Parse(request.PageToken, CultureInfo.InvariantCulture) : 0;
            var to = Math.Min(documents, from + pageSize);
            return new Ingestion.ListDocumentsResponse
            {
                Documents = { Enumerable.Range(from, to - from).Select(i => new Ingestion.Document { Collection = "docs", Id = $"d{i}", Version = 1, Title = $"Title of d{i}", ChunkCount = ChunksPerDocument }) },
                NextPageToken = to < documents ? $"{to}" : "",
            };
        };
        server.Fakes.ReadChunks = (request, target) =>
        {
            request.Model.ShouldBe("encoder");
            return target.WriteAsync(new Ingestion.ReadChunksResponse
            {
                Chunks = { Enumerable.Range(0, ChunksPerDocument).Select(i => new Ingestion.PreparedChunk { Text = $"{request.DocumentId}, chunk {i}", HeadingPath = { "heading" } }) },
            });
        };
        return server;
    }
}
