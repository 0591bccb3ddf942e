using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.FineTuneJobs.Workers;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Workers;

public sealed class CollectionPassagesTests : IAsyncLifetime
{
    private readonly FakeIngestion _ingestion = new();
    private readonly TestFolder _folder = new();
    private TestServer _server = null!;
    private CollectionPassagesClient _client = null!;

    public async Task InitializeAsync()
    {
        _server = await TestServer.StartAsync(builder => builder.Services.AddSingleton(_ingestion), app => app.MapGrpcService<FakeIngestion>());
        _client = new CollectionPassagesClient(() => new IngestionService.IngestionServiceClient(_server.Channel));
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Write_OfSeveralPages_HasEveryPassageOfTheTenantsCollectionAndPassesOverWhatWasDeletedMeanwhile()
    {
        (await _client.WriteAsync("a", "handbook", _folder.Path, _ => { }, CancellationToken.None).WithTimeout("the passages")).ShouldBeNull();

        CollectionPassagesClient.Read(_folder.Path).ShouldBe(["one 0", "one\n\"1\"", "three 0", "three\n\"1\""]);
        _ingestion.Asked.ShouldAllBe(asked => asked == "a/handbook");
    }

    [Fact]
    public async Task Write_Again_AsksNobody()
    {
        await _client.WriteAsync("a", "handbook", _folder.Path, _ => { }, CancellationToken.None);
        _ingestion.Asked.Clear();

        (await _client.WriteAsync("a", "handbook", _folder.Path, _ => { }, CancellationToken.None)).ShouldBeNull();

        _ingestion.Asked.ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_OfAnEmptyCollection_SaysSoAndLeavesNothingToBeTakenForIt()
    {
        (await _client.WriteAsync("a", "empty", _folder.Path, _ => { }, CancellationToken.None)).ShouldNotBeNull().Code.ShouldBe("COLLECTION_EMPTY");

        CollectionPassagesClient.Read(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task Write_Cancelled_IsNoFailureOfIngestion()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => _client.WriteAsync("a", "handbook", _folder.Path, _ => { }, stop.Token).WithTimeout("the passages"));
    }

    /// <summary>Three documents on two pages, of which the second is gone when its chunks are asked for.</summary>
    private sealed class FakeIngestion : IngestionService.IngestionServiceBase
    {
        public List<string> Asked { get; } = [];

        public override Task<ListDocumentsResponse> ListDocuments(ListDocumentsRequest request, ServerCallContext context)
        {
            Asked.Add($"{request.Tenant}/{request.Collection}");
            string[] ids = request.Collection == "empty" ? [] : request.PageToken.Length == 0 ? ["one", "two"] : ["three"];
            return Task.FromResult(new ListDocumentsResponse
            {
                Documents = { ids.Select(id => new Document { Collection = request.Collection, Id = id, IndexedVersion = 3 }) },
                NextPageToken = ids.Length == 2 ? "2" : "",
            });
        }

        public override async Task ReadChunks(ReadChunksRequest request, IServerStreamWriter<ReadChunksResponse> responseStream, ServerCallContext context)
        {
            Asked.Add($"{request.Tenant}/{request.Collection}");
            request.Version.ShouldBe(3);
            if (request.DocumentId == "two")
            {
                throw new ServiceException(FailureKind.NotFound, "DOCUMENT_NOT_FOUND", "It is gone.").ToRpcException();
            }

            await responseStream.WriteAsync(new ReadChunksResponse { Chunks = { new PreparedChunk { Text = $"{request.DocumentId} 0" } } });
            await responseStream.WriteAsync(new ReadChunksResponse { Chunks = { new PreparedChunk { Text = $"{request.DocumentId}\n\"1\"" } } });
        }
    }
}
