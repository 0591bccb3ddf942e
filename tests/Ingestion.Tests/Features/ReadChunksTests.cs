using Google.Protobuf;
using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.Protos.Ingestion.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class ReadChunksTests : IDisposable
{
    private static readonly string Text =
        "# Guide\n\n" + string.Join("\n\n", Enumerable.Range(0, 80).Select(index => $"## Part {index}\n\nWhat number {index} is. " + new string('x', 80 + index) + "."));

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Chunks_OfAnIndexedVersion_AreThoseThatWereSentToBeEmbedded()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await PutAsync(host, Text);

        var read = await ReadAsync(host);

        read.Messages.ShouldAllBe(chunks => chunks <= 256);
        read.Messages.Count.ShouldBeGreaterThan(1);
        var sent = host.Downstream.Prepared.OrderBy(batch => batch.BatchIndex).SelectMany(batch => batch.Chunks).ToList();
        read.Chunks.Select(Shape).ShouldBe(sent.Select(chunk => $"{chunk.ChunkId} {chunk.Ordinal} {chunk.StartOffset} {chunk.EndOffset} {string.Join('/', chunk.HeadingPath)} {chunk.Text}"));
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Indexed);
        host.Downstream.Prepared.Count.ShouldBe(read.Messages.Count, "nothing was sent again");
    }

    [Fact]
    public async Task Chunks_AfterTheSettingsChanged_AreCutByThePresentOnesAndVerbatim()
    {
        int before;
        await using (var host = await IngestionHost.StartAsync(_folder.Path))
        {
            await PutAsync(host, Text);
            before = (await ReadAsync(host)).Chunks.Count;
        }

        await using var restarted = await IngestionHost.StartAsync(_folder.Path, settings: ("Ingestion:ChunkMaxTokens", "40"));
        var chunks = (await ReadAsync(restarted)).Chunks;

        chunks.Count.ShouldBeGreaterThan(before);
        chunks.Select(chunk => chunk.Ordinal).ShouldBe(Enumerable.Range(0, chunks.Count));
        var request = new ReadPassagesRequest { Tenant = "default", Collection = "docs" };
        request.Ranges.AddRange(chunks.Take(256).Select(chunk => new PassageRange { DocumentId = "a", Version = 1, StartOffset = chunk.StartOffset, EndOffset = chunk.EndOffset }));
        (await restarted.Client.ReadPassagesAsync(request)).Passages.Select(passage => passage.Text).ShouldBe(chunks.Take(256).Select(chunk => chunk.Text));
    }

    [Theory]
    [InlineData("absent", 1)]
    [InlineData("a", 7)]
    [InlineData("a", 1)]
    public async Task Chunks_OfWhatIsNotKept_AreNotFound(string id, long version)
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path, settings: ("Ingestion:KeptVersions", "1"));
        await PutAsync(host, "first");
        await PutAsync(host, "second");

        var failure = await FailureAsync(host, id, version);

        (failure.Kind, failure.Code, failure.Field).ShouldBe((FailureKind.NotFound, "VERSION_NOT_FOUND", "version"));
        (await ReadAsync(host, version: 2)).Chunks.ShouldHaveSingleItem().Text.ShouldBe("second");
    }

    [Fact]
    public async Task Chunks_OfADeletedDocument_AreNotFound()
    {
        await using var host = await IngestionHost.StartAsync(_folder.Path);
        await PutAsync(host, "text");
        await host.Client.DeleteDocumentAsync(new DeleteDocumentRequest { Tenant = "default", Collection = "docs", Id = "a" });
        await host.WatchAsync("a");

        (await FailureAsync(host, "a", 1)).Kind.ShouldBe(FailureKind.NotFound);
        (await FailureAsync(host, "a", 2)).Kind.ShouldBe(FailureKind.NotFound);
    }

    [Theory]
    [InlineData("text/markdown", "# Guide\n\nWhat was put. It stays.", "Guide")]
    [InlineData("text/html", "Guide\n\nWhat was put. It stays.", "")]
    public async Task Chunks_OfATextThatAnEarlierReleaseStored_AreOfWhatTheTextShows(string contentType, string text, string headings)
    {
        using (var registry = new TestRegistry(_folder.Path))
        {
            await registry.PutAsync("<p>What was put.", contentType: contentType);
            await registry.IndexAsync(1, text);
            registry.ForgetOutlines();
        }

        await using var host = await IngestionHost.StartAsync(_folder.Path);
        var chunk = (await ReadAsync(host)).Chunks.ShouldHaveSingleItem();

        (chunk.Text, string.Join('/', chunk.HeadingPath)).ShouldBe((text, headings));
        using var after = new TestRegistry(_folder.Path);
        after.Outlines.Read(TestRegistry.Key(), 1)!.Outline.ShouldNotBeNull("it is found once");
    }

    private static async Task PutAsync(IngestionHost host, string text)
    {
        await host.Client.PutDocumentAsync(new PutDocumentRequest
        {
            Header = new DocumentHeader { Tenant = "default", Collection = "docs", Id = "a", ContentType = "text/markdown" },
            Content = ByteString.CopyFromUtf8(text),
        });
        (await host.WatchAsync("a"))[^1].State.ShouldBe(DocumentState.Indexed);
    }

    private static async Task<(List<PreparedChunk> Chunks, List<int> Messages)> ReadAsync(IngestionHost host, string id = "a", long version = 1)
    {
        using var call = host.Client.ReadChunks(new ReadChunksRequest { Tenant = "default", Collection = "docs", DocumentId = id, Version = version });
        var messages = await call.ResponseStream.ReadAllAsync().ToListAsync().AsTask().WithTimeout("the chunks");
        return ([.. messages.SelectMany(message => message.Chunks)], [.. messages.Select(message => message.Chunks.Count)]);
    }

    private static async Task<ServiceException> FailureAsync(IngestionHost host, string id, long version) =>
        FailureStatus.FromRpcException(await Should.ThrowAsync<RpcException>(() => ReadAsync(host, id, version))).ShouldNotBeNull();

    private static string Shape(PreparedChunk chunk) => $"{chunk.ChunkId} {chunk.Ordinal} {chunk.StartOffset} {chunk.EndOffset} {string.Join('/', chunk.HeadingPath)} {chunk.Text}";
}
