using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.RedriveDocuments;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

public sealed class RedriveDocumentsTests : IDisposable
{
    private static readonly RedriveScope Docs = new(new CatalogFilter("default", "docs"), Step: "", Code: "", IsDryRun: false);

    private readonly TestFolder _folder = new();
    private readonly TestRegistry _registry;
    private readonly RecordingPublisher _publisher = new();
    private readonly RedriveDocumentsHandler _redrive;

    public RedriveDocumentsTests()
    {
        _registry = new TestRegistry(_folder.Path);
        var announcer = new DocumentAnnouncer(
            _publisher, _registry.Deletions, _registry.Work, _registry.Options, _registry.Clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<DocumentAnnouncer>.Instance);
        _redrive = new RedriveDocumentsHandler(_registry.Catalog, _registry.Writer, announcer);
    }

    public void Dispose()
    {
        _registry.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Failed_WithTheirAttemptsUsedUp_BeginAgainFromZero()
    {
        await FailAsync("a", "TIMED_OUT");
        (await _redrive.RedriveAsync("a", Docs, CancellationToken.None)).Documents.ShouldHaveSingleItem().Failure!.Code.ShouldBe("TIMED_OUT");

        var again = _registry.Latest("a");
        (again.State, again.Failure, again.Attempts, again.Version).ShouldBe((DocumentState.Received, null, 0, 1));
        _registry.Picker.Pick().ShouldNotBeNull().Key.DocumentId.ShouldBe("a");
        _registry.Log.ReadLatest(TestRegistry.Key("a"), 1).Single().Detail.ShouldBe("redriven after TIMED_OUT");
        await _registry.IndexAsync(1, "text of a", "a");
        _registry.Latest("a").State.ShouldBe(DocumentState.Indexed);
    }

    [Fact]
    public async Task Failed_OnTheWayToTheIndex_BeginsWithNothingEmbedded()
    {
        var key = TestRegistry.Key("a");
        await _registry.PutAsync("text", "a", batchId: "run");
        await EmbedAsync();
        await _registry.Progress.RecordEmbeddedAsync(key, 1, 0, 2, CancellationToken.None);
        await _registry.Progress.RecordEmbeddedAsync(key, 1, 1, 2, CancellationToken.None);
        await _registry.Progress.FailAsync(key, 1, new DocumentFailure("indexing", "X", "r", "m"), CancellationToken.None);

        await _redrive.RedriveAsync("a", Docs, CancellationToken.None);
        Embedded().ShouldBe(0);
        await EmbedAsync();
        (await _registry.Progress.RecordEmbeddedAsync(key, 1, 0, 2, CancellationToken.None)).ShouldBeNull("its other batch is still to come");

        (_registry.Latest("a").State, Embedded()).ShouldBe((DocumentState.Embedding, 5));

        async Task EmbedAsync()
        {
            await _registry.Progress.BeginAsync(key, 1, CancellationToken.None);
            await _registry.Progress.RecordTextAsync(key, 1, "text", "", CancellationToken.None);
            await _registry.Progress.RecordChunksAsync(key, 1, 10, 2, CancellationToken.None);
        }

        long Embedded() => _registry.Batches.Find("default", "run").ShouldNotBeNull().Groups.Sum(group => group.EmbeddedChunks);
    }

    [Fact]
    public async Task Many_PageByPage_BeginsThoseThatMatchAndNoOthers()
    {
        for (var index = 0; index < 7; index++)
        {
            await FailAsync($"{index}", index % 2 == 0 ? "TIMED_OUT" : "DAMAGED");
        }

        await _registry.PutAsync("on its way", "x");
        var begun = new List<string>();
        var token = "";
        do
        {
            var page = await _redrive.RedriveAsync(Docs with { Code = "TIMED_OUT" }, pageSize: 3, token, CancellationToken.None);
            begun.AddRange(page.Documents.Select(document => document.Key.DocumentId));
            token = page.NextPageToken;
        }
        while (token.Length > 0);

        begun.ShouldBe(["0", "2", "4", "6"]);
        _registry.Catalog.Count(Docs.Filter with { State = DocumentState.Failed }).ShouldBe(3);
    }

    [Fact]
    public async Task DryRun_TellsWhich_AndBeginsNone()
    {
        await FailAsync("a", "TIMED_OUT", "run");
        await FailAsync("b", "TIMED_OUT");

        var page = await _redrive.RedriveAsync(Docs with { Filter = new CatalogFilter("default", BatchId: "run"), IsDryRun = true }, 0, "", CancellationToken.None);

        page.Documents.ShouldHaveSingleItem().Key.DocumentId.ShouldBe("a");
        _registry.Latest("a").State.ShouldBe(DocumentState.Failed);
    }

    [Fact]
    public async Task Refused_OnTheWayIn_IsToldAndLeftAlone()
    {
        await _registry.Writer.RegisterAsync(
            new NewVersion
            {
                Key = TestRegistry.Key("a"), ContentHash = "hash", ContentType = "", Title = "", Uri = "", Metadata = new Dictionary<string, string>(), Content = default, TraceParent = null,
                Refusal = new DocumentFailure("received", "NO_CONTENT", "text: there is none.", "Send it."),
            },
            CancellationToken.None);

        var page = await _redrive.RedriveAsync(Docs, 0, "", CancellationToken.None);

        (page.Documents.Count, page.Refused.Count, _registry.Latest("a").State).ShouldBe((0, 1, DocumentState.Failed));
    }

    [Fact]
    public async Task FailedDeletion_IsDeletedAgain()
    {
        await _registry.PutAsync("text", "a");
        await _registry.Writer.RequestDeletionAsync(TestRegistry.Key("a"), "", CancellationToken.None);
        await _registry.Progress.FailAsync(TestRegistry.Key("a"), 2, new DocumentFailure("deleting", "STEP_FAILED", "because", "mend it"), CancellationToken.None);

        await _redrive.RedriveAsync(Docs, 0, "", CancellationToken.None);

        _registry.Latest("a").State.ShouldBe(DocumentState.Deleting);
        _publisher.Deletions.ShouldHaveSingleItem().Version.ShouldBe(2);
    }

    [Fact]
    public async Task Document_ThatHasNotFailed_IsRefused()
    {
        await _registry.PutAsync("text", "a");

        (await Should.ThrowAsync<ServiceException>(() => _redrive.RedriveAsync("a", Docs, CancellationToken.None))).Code.ShouldBe("DOCUMENT_NOT_FAILED");
        (await Should.ThrowAsync<ServiceException>(() => _redrive.RedriveAsync("b", Docs, CancellationToken.None))).Code.ShouldBe("DOCUMENT_NOT_FOUND");
        (await Should.ThrowAsync<ServiceException>(() => _redrive.RedriveAsync(Docs, 501, "", CancellationToken.None))).Field.ShouldBe("page_size");
    }

    private async Task FailAsync(string id, string code, string batchId = "")
    {
        await _registry.PutAsync($"text of {id}", id, batchId);
        await _registry.Progress.BeginAsync(TestRegistry.Key(id), 1, CancellationToken.None);
        await _registry.Progress.FailAsync(TestRegistry.Key(id), 1, new DocumentFailure("extracting", code, "because", "mend it"), CancellationToken.None);
    }
}
