using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>From a call to searchable, through the real service and an in-process bus.</summary>
public sealed class DocumentWayTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Put_IsWatchedThroughEveryState_AndItsChunksAreVerbatim()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        var text = "# Tests\n\n" + string.Join("\n\n", Enumerable.Range(0, 60).Select(index => $"Paragraph {index} says what number {index} is. " + new string('x', 90) + "."));
        var put = await host.Client.PutDocumentAsync(Put("guide", text));
        var events = await host.WatchAsync("guide");

        // The index may report before the registry has seen the last batch; then indexing is never recorded.
        events.Select(entry => entry.State).Where(state => state is not DocumentState.Indexing)
            .ShouldBe([DocumentState.Received, DocumentState.Extracting, DocumentState.Chunking, DocumentState.Embedding, DocumentState.Indexed]);
        events.Select(entry => entry.Sequence).ShouldBeInOrder(SortDirection.Ascending);
        var found = await host.Client.GetDocumentAsync(new GetDocumentRequest { Tenant = "default", Collection = "docs", Id = "guide" });
        (found.Document.State, found.Document.IndexedVersion, found.Document.Title, found.Document.ContentType).ShouldBe((DocumentState.Indexed, 1, "Tests", "text/markdown"));
        put.Unchanged.ShouldBeFalse();

        var batches = host.Downstream.Prepared.OrderBy(batch => batch.BatchIndex).ToList();
        batches.Count.ShouldBeGreaterThan(1);
        batches.ShouldAllBe(batch => batch.Chunks.Count <= 32 && batch.BatchCount == batches.Count && batch.Model == "letters");
        var chunks = batches.SelectMany(batch => batch.Chunks).ToList();
        chunks.Select(chunk => chunk.Ordinal).ShouldBe(Enumerable.Range(0, found.Document.ChunkCount));
        var request = new ReadPassagesRequest { Tenant = "default", Collection = "docs" };
        request.Ranges.AddRange(chunks.Select(chunk => new PassageRange { DocumentId = "guide", Version = 1, StartOffset = chunk.StartOffset, EndOffset = chunk.EndOffset }));
        var passages = await host.Client.ReadPassagesAsync(request);
        passages.Passages.Select(passage => passage.Text).ShouldBe(chunks.Select(chunk => chunk.Text));
    }

    [Fact]
    public async Task Batch_IsWatchedUntilAllOfItIsSearchable()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await host.Client.DeclareBatchAsync(new DeclareBatchRequest { Tenant = "default", BatchId = "run", ExpectedDocuments = 3 });
        using var call = host.Client.WatchBatch(new WatchBatchRequest { Tenant = "default", BatchId = "run" });
        foreach (var id in new[] { "a", "b", "c" })
        {
            var put = Put(id, $"text of {id}");
            put.Header.BatchId = "run";
            (await host.Client.PutDocumentAsync(put)).Document.BatchId.ShouldBe("run");
        }

        RagPlatform.Protos.Documents.V1.Batch? last = null;
        while (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout("the batch's next standing"))
        {
            last = call.ResponseStream.Current.Batch;
        }

        last.ShouldNotBeNull().AtRest.ShouldBeTrue();
        (last.Documents.Indexed, last.DocumentCount, last.ChunkCount, last.EmbeddedChunkCount, last.Progress).ShouldBe((3, 3, 3, 3, 1));
        (await host.Client.ListDocumentsAsync(new ListDocumentsRequest { Tenant = "default", BatchId = "run", State = DocumentState.Indexed })).TotalCount.ShouldBe(3);
    }

    [Fact]
    public async Task Put_Again_SendsNothing_AndOtherContentReplacesIt()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await host.Client.PutDocumentAsync(Put("a", "one text"));
        await host.WatchAsync("a");
        (await host.Client.PutDocumentAsync(Put("a", "one text"))).Unchanged.ShouldBeTrue();
        host.Downstream.Prepared.Count.ShouldBe(1);

        (await host.Client.PutDocumentAsync(Put("a", "other text"))).Document.Version.ShouldBe(2);
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Indexed);
        host.Downstream.Prepared.Select(batch => batch.Version).ShouldBe([1, 2]);
        host.Embedding.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Upload_InPieces_IsTheSameAsAPut_AndItsLimitIsNamed()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, settings: ("Ingestion:MaxDocumentBytes", "4096"));
        var text = string.Join(' ', Enumerable.Range(0, 300).Select(index => $"word{index}"));
        using (var upload = host.Client.UploadDocument())
        {
            await upload.RequestStream.WriteAsync(new UploadDocumentRequest { Header = Put("a", "").Header });
            foreach (var piece in text.Chunk(100))
            {
                await upload.RequestStream.WriteAsync(new UploadDocumentRequest { Content = ByteString.CopyFromUtf8(new string(piece)) });
            }

            await upload.RequestStream.CompleteAsync();
            (await upload.ResponseAsync).Document.ContentBytes.ShouldBe(text.Length);
        }

        (await host.Client.PutDocumentAsync(Put("a", text))).Unchanged.ShouldBeTrue();

        using var large = host.Client.UploadDocument();
        await large.RequestStream.WriteAsync(new UploadDocumentRequest { Header = Put("b", "").Header });
        await large.RequestStream.WriteAsync(new UploadDocumentRequest { Content = ByteString.CopyFrom(new byte[3000]) });
        await large.RequestStream.WriteAsync(new UploadDocumentRequest { Content = ByteString.CopyFrom(new byte[3000]) });
        var refusal = FailureStatus.FromRpcException(await Should.ThrowAsync<RpcException>(async () => await large.ResponseAsync)).ShouldNotBeNull();
        (refusal.Code, refusal.Field).ShouldBe(("CONTENT_TOO_LARGE", "content"));
        refusal.Message.ShouldBe("content: 6000 bytes so far; the limit is 4096.");
    }

    [Fact]
    public async Task Delete_EndsInDeleted_ThenThereIsNothingToDelete()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await host.Client.PutDocumentAsync(Put("a", "text"));
        await host.WatchAsync("a");
        var request = new DeleteDocumentRequest { Tenant = "default", Collection = "docs", Id = "a" };
        (await host.Client.DeleteDocumentAsync(request)).Document.Version.ShouldBe(2);
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Deleted);
        (await Should.ThrowAsync<RpcException>(async () => await host.Client.DeleteDocumentAsync(request))).StatusCode.ShouldBe(StatusCode.NotFound);
        (await host.Client.CountDocumentsAsync(new CountDocumentsRequest { Tenant = "default" })).Counts.Select(count => (count.State, count.Count)).ShouldBe([(DocumentState.Deleted, 1)]);
    }

    [Theory]
    [InlineData("   \n ", "NO_TEXT", "extracting")]
    [InlineData("<html><script>alert(1)</script></html>", "NO_TEXT", "extracting")]
    public async Task Document_WithoutText_Fails(string text, string code, string step)
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await host.Client.PutDocumentAsync(Put("a", text));
        var failure = (await host.WatchAsync("a"))[^1].Failure;
        (failure.Code, failure.Step, failure.Attempts).ShouldBe((code, step, 1));
        host.Downstream.Prepared.ShouldBeEmpty();
    }

    [Fact]
    public async Task EmbeddingThatGivesUp_FailsTheDocument_AndPuttingItAgainSucceeds()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, prepare: (downstream, _) => downstream.EmbeddingFailure = "The model has no room.");
        await host.Client.PutDocumentAsync(Put("a", "text"));
        var failure = (await host.WatchAsync("a"))[^1].Failure;
        (failure.Step, failure.Code, failure.Reason).ShouldBe(("embedding", "STEP_FAILED", "The model has no room."));

        host.Downstream.EmbeddingFailure = null;
        (await host.Client.PutDocumentAsync(Put("a", "text"))).Document.State.ShouldBe(DocumentState.Received);
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Indexed);
    }

    [Fact]
    public async Task ServiceThatCannotForTheMoment_CostsNoDocumentAndNoDeletion()
    {
        await using var host = await IngestionHost.StartAsync(
            _folder.Path, prepare: (downstream, _) => downstream.TransientFailures = 2, settings: [("Ingestion:ResumeIntervalSeconds", "1"), ("Ingestion:PublishTimeoutSeconds", "1"), ("Ingestion:MaxAttempts", "1")]);

        await host.Client.PutDocumentAsync(Put("a", "text"));
        var events = await host.WatchAsync("a");
        events[^1].State.ShouldBe(DocumentState.Indexed);
        events.Count(entry => entry.Detail == "postponed: The disk is full.").ShouldBe(2);

        host.Downstream.TransientFailures = 2;
        await host.Client.DeleteDocumentAsync(new DeleteDocumentRequest { Tenant = "default", Collection = "docs", Id = "a" });
        events = await host.WatchAsync("a");
        events[^1].State.ShouldBe(DocumentState.Deleted);
        events.Count(entry => entry.Detail == "postponed: The disk is full.").ShouldBe(4);
    }

    [Fact]
    public async Task EmbeddingService_ThatComesUpLater_CostsNoDocument()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, prepare: (_, embedding) => embedding.FailNext(2));
        await host.Client.PutDocumentAsync(Put("a", "text"));
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Indexed);
    }

    [Fact]
    public async Task Restart_InTheMiddle_FinishesEverythingWithTheSameChunks()
    {
        string[] before;
        await using (var host = await IngestionHost.StartAsync(_folder.Path, prepare: (downstream, _) => downstream.IsKilled = true))
        {
            for (var index = 0; index < 5; index++)
            {
                await host.Client.PutDocumentAsync(Put($"document {index}", $"text {index}"));
            }

            await TestTimeout.EventuallyAsync(() => Task.FromResult(host.Downstream.Prepared.Count == 5), "all batches are out");
            before = [.. host.Downstream.Prepared.SelectMany(batch => batch.Chunks).Select(chunk => chunk.ChunkId).Order()];
        }

        await using var restarted = await IngestionHost.StartAsync(_folder.Path);
        for (var index = 0; index < 5; index++)
        {
            (await restarted.WatchAsync($"document {index}"))[^1].State.ShouldBe(DocumentState.Indexed);
        }

        restarted.Downstream.Prepared.SelectMany(batch => batch.Chunks).Select(chunk => chunk.ChunkId).Order().ShouldBe(before);
    }

    [Theory]
    [InlineData("", "docs", "a", "text", StatusCode.PermissionDenied, "tenant")]
    [InlineData("default", "No Name", "a", "text", StatusCode.InvalidArgument, "collection")]
    [InlineData("default", "docs", "a\u0001", "text", StatusCode.InvalidArgument, "id")]
    [InlineData("default", "docs", "a", "", StatusCode.InvalidArgument, "content")]
    [InlineData("default", "docs", "a", "{\\rtf1 x}", StatusCode.InvalidArgument, "content_type")]
    public async Task BadPut_IsRefusedByField_AndStoresNothing(string tenant, string collection, string id, string text, StatusCode status, string field)
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        var request = Put(id, text);
        (request.Header.Tenant, request.Header.Collection) = (tenant, collection);
        var exception = await Should.ThrowAsync<RpcException>(async () => await host.Client.PutDocumentAsync(request));

        exception.StatusCode.ShouldBe(status);
        FailureStatus.FromRpcException(exception).ShouldNotBeNull().Field.ShouldBe(field);
        (await host.Client.CountDocumentsAsync(new CountDocumentsRequest { Tenant = "default" })).Counts.ShouldBeEmpty();
    }

    [Fact]
    public async Task Window_OfOneDocument_LetsAllThroughOneAfterTheOther()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, settings: ("Ingestion:MaxDocumentsInFlight", "1"));
        for (var index = 0; index < 6; index++)
        {
            await host.Client.PutDocumentAsync(Put($"document {index}", $"text {index}"));
        }

        for (var index = 0; index < 6; index++)
        {
            (await host.WatchAsync($"document {index}"))[^1].State.ShouldBe(DocumentState.Indexed);
        }
    }

    private static PutDocumentRequest Put(string id, string text) => new()
    {
        Header = new DocumentHeader { Tenant = "default", Collection = "docs", Id = id },
        Content = ByteString.CopyFromUtf8(text),
    };
}
