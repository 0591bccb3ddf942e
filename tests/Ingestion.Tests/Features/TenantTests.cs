using Grpc.Core;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class TenantTests : IDisposable
{
    private readonly TestFolder _folder = new();

    /// <summary>Every call that the protocol has, so that one added later cannot be forgotten here.</summary>
    private static IEnumerable<string> Methods => IngestionService.Descriptor.Methods.Select(method => method.Name);

    [Theory]
    [InlineData("", StatusCode.PermissionDenied)]
    [InlineData("Not A Tenant", StatusCode.InvalidArgument)]
    public async Task EveryRpc_WithoutATenant_IsRefused(string tenant, StatusCode expected)
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);

        foreach (var method in Methods)
        {
            var failure = await Should.ThrowAsync<RpcException>(() => CallAsync(host.Client, method, tenant).WithTimeout(method));
            failure.StatusCode.ShouldBe(expected, method);
        }
    }

    [Fact]
    public async Task DocumentOfATenant_ToAnother_IsNotThere()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await CallAsync(host.Client, "PutDocument", "owner");
        await host.WatchAsync("a", "owner");

        foreach (var method in new[] { "GetDocument", "DeleteDocument", "WatchDocument", "ReadChunks", "GetBatch", "WatchBatch", "ListVersions", "RedriveDocuments", "ShowRejectedDrop" })
        {
            (await Should.ThrowAsync<RpcException>(() => CallAsync(host.Client, method, "stranger").WithTimeout(method))).StatusCode.ShouldBe(StatusCode.NotFound, method);
        }

        (await host.Client.ListDocumentsAsync(new ListDocumentsRequest { Tenant = "stranger" })).TotalCount.ShouldBe(0);
        (await host.Client.ListBatchesAsync(new ListBatchesRequest { Tenant = "stranger" })).Batches.ShouldBeEmpty();
        (await host.Client.CountDocumentsAsync(new CountDocumentsRequest { Tenant = "stranger" })).Counts.ShouldBeEmpty();
        (await host.Client.ReadPassagesAsync(Passages("stranger"))).Passages.ShouldHaveSingleItem().Found.ShouldBeFalse();
        (await host.Client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = "stranger", Collection = "docs" })).DocumentCount.ShouldBe(0);
        (await host.Client.ReadPassagesAsync(Passages("owner"))).Passages.ShouldHaveSingleItem().Text.ShouldBe("te");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task CallAsync(IngestionService.IngestionServiceClient client, string method, string tenant)
    {
        var header = new DocumentHeader { Tenant = tenant, Collection = "docs", Id = "a", ContentType = "text/plain", BatchId = "run" };
        switch (method)
        {
            case "PutDocument":
                await client.PutDocumentAsync(new PutDocumentRequest { Header = header, Content = Google.Protobuf.ByteString.CopyFromUtf8("text") });
                break;
            case "UploadDocument":
                using (var call = client.UploadDocument())
                {
                    try
                    {
                        await call.RequestStream.WriteAsync(new UploadDocumentRequest { Header = header });
                        await call.RequestStream.WriteAsync(new UploadDocumentRequest { Content = Google.Protobuf.ByteString.CopyFromUtf8("text") });
                        await call.RequestStream.CompleteAsync();
                    }
                    catch (RpcException)
                    {
                        // As below.
                    }

                    await call;
                }

                break;
            case "GetDocument":
                await client.GetDocumentAsync(new GetDocumentRequest { Tenant = tenant, Collection = "docs", Id = "a" });
                break;
            case "ListDocuments":
                await client.ListDocumentsAsync(new ListDocumentsRequest { Tenant = tenant });
                break;
            case "CountDocuments":
                await client.CountDocumentsAsync(new CountDocumentsRequest { Tenant = tenant });
                break;
            case "DeleteDocument":
                await client.DeleteDocumentAsync(new DeleteDocumentRequest { Tenant = tenant, Collection = "docs", Id = "a" });
                break;
            case "WatchDocument":
                using (var call = client.WatchDocument(new WatchDocumentRequest { Tenant = tenant, Collection = "docs", Id = "a" }))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
            case "ReadPassages":
                await client.ReadPassagesAsync(Passages(tenant));
                break;
            case "DeleteCollection":
                await client.DeleteCollectionAsync(new DeleteCollectionRequest { Tenant = tenant, Collection = "docs" });
                break;
            case "ReadChunks":
                using (var call = client.ReadChunks(new ReadChunksRequest { Tenant = tenant, Collection = "docs", DocumentId = "a", Version = 1 }))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
            case "CheckConsistency":
                using (var call = client.CheckConsistency(new CheckConsistencyRequest { Tenant = tenant, Collection = "docs" }))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
            case "StageContent":
                using (var call = client.StageContent())
                {
                    try
                    {
                        await call.RequestStream.WriteAsync(new StageContentRequest { Tenant = tenant });
                        await call.RequestStream.WriteAsync(new StageContentRequest { Content = Google.Protobuf.ByteString.CopyFromUtf8("text") });
                        await call.RequestStream.CompleteAsync();
                    }
                    catch (RpcException)
                    {
                        // It was refused before all was sent; its answer says why.
                    }

                    await call;
                }

                break;
            case "PreviewChunks":
                using (var call = client.PreviewChunks(new PreviewChunksRequest { Tenant = tenant, Collection = "docs", Content = Google.Protobuf.ByteString.CopyFromUtf8("text") }))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
            case "DeclareBatch":
                await client.DeclareBatchAsync(new DeclareBatchRequest { Tenant = tenant, BatchId = "run" });
                break;
            case "GetBatch":
                await client.GetBatchAsync(new GetBatchRequest { Tenant = tenant, BatchId = "run" });
                break;
            case "ListBatches":
                await client.ListBatchesAsync(new ListBatchesRequest { Tenant = tenant });
                break;
            case "ListVersions":
                await client.ListVersionsAsync(new ListVersionsRequest { Tenant = tenant, Collection = "docs", Id = "a" });
                break;
            case "RedriveDocuments":
                await client.RedriveDocumentsAsync(new RedriveDocumentsRequest { Tenant = tenant, Collection = "docs", Id = "a" });
                break;
            case "PauseIngestion":
                await client.PauseIngestionAsync(new PauseIngestionRequest { Tenant = tenant });
                break;
            case "ResumeIngestion":
                await client.ResumeIngestionAsync(new ResumeIngestionRequest { Tenant = tenant });
                break;
            case "GetIngestionStatus":
                await client.GetIngestionStatusAsync(new GetIngestionStatusRequest { Tenant = tenant });
                break;
            case "ListRejectedDrops":
                await client.ListRejectedDropsAsync(new ListRejectedDropsRequest { Tenant = tenant });
                break;
            case "ShowRejectedDrop":
                await client.ShowRejectedDropAsync(new ShowRejectedDropRequest { Tenant = tenant, Id = 1 });
                break;
            case "RedriveRejectedDrop":
                await client.RedriveRejectedDropAsync(new RedriveRejectedDropRequest { Tenant = tenant, Id = 1 });
                break;
            case "DiscardRejectedDrop":
                await client.DiscardRejectedDropAsync(new DiscardRejectedDropRequest { Tenant = tenant, Id = 1 });
                break;
            case "WatchDocuments":
                using (var call = client.WatchDocuments(new WatchDocumentsRequest { Tenant = tenant }))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
            case "WatchBatch":
                using (var call = client.WatchBatch(new WatchBatchRequest { Tenant = tenant, BatchId = "run" }))
                {
                    await call.ResponseStream.MoveNext(CancellationToken.None);
                }

                break;
            default:
                throw new NotSupportedException($"{method} is new; teach this test how to call it.");
        }
    }

    private static ReadPassagesRequest Passages(string tenant) =>
        new() { Tenant = tenant, Collection = "docs", Ranges = { new PassageRange { DocumentId = "a", Version = 1, StartOffset = 0, EndOffset = 2 } } };
}
