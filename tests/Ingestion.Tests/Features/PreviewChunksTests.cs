using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class PreviewChunksTests : IDisposable
{
    private static readonly string Text = string.Join("\n\n", Enumerable.Range(0, 300).Select(index => $"# Part {index}\n\n" + string.Concat(Enumerable.Repeat($"what {index} is. ", 12)).Trim()));

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Preview_OfContent_IsWhatWouldBeEmbeddedAndStoresNothing()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        var (preview, chunks) = await PreviewAsync(host, new PreviewChunksRequest { Uri = "a.md", Content = ByteString.CopyFromUtf8(Text) });

        (preview.ContentType, preview.Title, preview.Model, preview.ChunkCount, preview.TextCharacters).ShouldBe(("text/markdown", "Part 0", "letters", chunks.Count, (long)Text.Length));
        preview.Chunking.ShouldBe(new ChunkingSettings { Strategy = ChunkingStrategy.Structure, MaxTokens = 200, OverlapTokens = 32 });
        (await host.Client.ListDocumentsAsync(new ListDocumentsRequest { Tenant = "default" })).TotalCount.ShouldBe(0);

        await PutAsync(host);
        var sent = host.Downstream.Prepared.OrderBy(batch => batch.BatchIndex).ToList();
        chunks.Select(chunk => (chunk.Text, chunk.StartOffset, chunk.EndOffset)).ShouldBe(sent.SelectMany(batch => batch.Chunks).Select(chunk => (chunk.Text, chunk.StartOffset, chunk.EndOffset)));
        preview.ChunkingHash.ShouldBe(sent[0].ChunkingHash);
    }

    [Fact]
    public async Task Preview_OfAStoredDocument_CutsItByTheSettingsThatAreGiven()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        host.Retrieval.Chunkings["docs"] = new ChunkingSettings { Strategy = ChunkingStrategy.Whole };
        await PutAsync(host);

        var (whole, _) = await PreviewAsync(host, new PreviewChunksRequest { DocumentId = "a" });
        var (preview, chunks) = await PreviewAsync(host, new PreviewChunksRequest
        {
            DocumentId = "a", Chunking = new ChunkingSettings { Strategy = ChunkingStrategy.ParentChild, MaxTokens = 40, ParentTokens = 300 },
        });

        (whole.Chunking.Strategy, preview.Chunking.Strategy).ShouldBe((ChunkingStrategy.Whole, ChunkingStrategy.ParentChild));
        chunks.Count.ShouldBeGreaterThan(whole.ChunkCount);
        chunks.ShouldAllBe(chunk => chunk.TokenCount <= 40 && chunk.ParentStartOffset <= chunk.StartOffset && chunk.ParentEndOffset >= chunk.EndOffset);
    }

    [Fact]
    public async Task Preview_OfWhatCannotBeCut_SaysWhy()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);

        (await FailureAsync(host, new PreviewChunksRequest { Content = ByteString.CopyFrom(new byte[(2 * 1024 * 1024) + 1]) })).ShouldBe((FailureKind.InvalidArgument, "content"));
        (await FailureAsync(host, new PreviewChunksRequest())).ShouldBe((FailureKind.InvalidArgument, "content"));
        (await FailureAsync(host, new PreviewChunksRequest { ContentType = "application/pdf", Content = ByteString.CopyFromUtf8("%PDF-1.7 and nothing else") })).ShouldBe((FailureKind.InvalidArgument, "content"));
        (await FailureAsync(host, new PreviewChunksRequest { DocumentId = "absent" })).ShouldBe((FailureKind.NotFound, "id"));
        (await FailureAsync(host, new PreviewChunksRequest { Content = ByteString.CopyFromUtf8("text"), Chunking = new ChunkingSettings { MaxTokens = 3 } })).ShouldBe((FailureKind.InvalidArgument, "chunking.max_tokens"));
    }

    private static async Task<(ChunksPreview Preview, List<PreviewedChunk> Chunks)> PreviewAsync(IngestionHost host, PreviewChunksRequest request)
    {
        (request.Tenant, request.Collection) = ("default", "docs");
        using var call = host.Client.PreviewChunks(request);
        var messages = await call.ResponseStream.ReadAllAsync().ToListAsync().AsTask().WithTimeout("the preview");
        messages.ShouldAllBe(message => message.Chunks.Count <= 256);
        return (messages[0].Preview, [.. messages.SelectMany(message => message.Chunks)]);
    }

    private static async Task<(FailureKind, string?)> FailureAsync(IngestionHost host, PreviewChunksRequest request)
    {
        var failure = FailureStatus.FromRpcException(await Should.ThrowAsync<RpcException>(() => PreviewAsync(host, request))).ShouldNotBeNull();
        failure.Remedy.ShouldNotBeNull();
        return (failure.Kind, failure.Field);
    }

    private static async Task PutAsync(IngestionHost host)
    {
        await host.Client.PutDocumentAsync(new PutDocumentRequest
        {
            Header = new DocumentHeader { Tenant = "default", Collection = "docs", Id = "a", ContentType = "text/markdown" }, Content = ByteString.CopyFromUtf8(Text),
        });
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Indexed);
    }
}
