using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Support;

/// <summary>One process's view of a registry file; a second one on the same folder is a restart.</summary>
internal sealed class TestRegistry : IDisposable
{
    private static readonly DateTimeOffset Start = new(2027, 1, 15, 8, 0, 0, TimeSpan.Zero);

    public TestRegistry(string folder, ManualTime? clock = null, Action<IngestionOptions>? configure = null)
    {
        Clock = clock ?? new ManualTime(Start);
        var options = new IngestionOptions { DataDirectory = folder };
        configure?.Invoke(options);
        Options = Microsoft.Extensions.Options.Options.Create(options);
        Database = new RegistryDatabase(Options, Clock, Changes);
        Writer = new DocumentWriter(Database);
        Catalog = new DocumentCatalog(Database);
        Log = new DocumentLog(Database);
        Texts = new StoredTexts(Database);
        Outlines = new StoredOutlines(Database);
        Progress = new VersionProgress(Database, Options);
        Outcome = new VersionOutcome(Database, Options);
        Deletions = new UnfinishedDeletions(Database, Options, Clock);
        Queue = new VersionQueue(Database, Options, Clock);
        Work = new WorkInHand(Options, Clock);
        Rests = new LaneRests(Options, Clock);
        Pauses = new IngestionPauses(Database);
        Picker = new LanePicker(Queue, Work, Rests, Pauses, Options);
        Batches = new BatchCatalog(Database);
    }

    public ManualTime Clock { get; }
    public IOptions<IngestionOptions> Options { get; }
    public DocumentChanges Changes { get; } = new();
    public RegistryDatabase Database { get; }
    public DocumentWriter Writer { get; }
    public DocumentCatalog Catalog { get; }
    public DocumentLog Log { get; }
    public StoredTexts Texts { get; }
    public StoredOutlines Outlines { get; }
    public VersionProgress Progress { get; }
    public VersionOutcome Outcome { get; }
    public UnfinishedDeletions Deletions { get; }
    public VersionQueue Queue { get; }
    public WorkInHand Work { get; }
    public LaneRests Rests { get; }
    public LanePicker Picker { get; }
    public IngestionPauses Pauses { get; }
    public BatchCatalog Batches { get; }

    public static DocumentKey Key(string id = "a") => new("default", "docs", id);

    /// <summary>What may be picked of the collection, in its order.</summary>
    public IReadOnlyList<WaitingVersion> Waiting()
    {
        using var reader = Queue.OpenReader();
        var waiting = new List<WaitingVersion>();
        while (reader.First("default", "docs", waiting.Select(version => version.Key).ToHashSet()) is { } next)
        {
            waiting.Add(next);
        }

        return waiting;
    }

    public Task<Registration> PutAsync(string text, string id = "a", string batchId = "", string contentType = "") => PutAsync(Key(id), text, batchId, contentType);

    public Task<Registration> PutAsync(DocumentKey key, string text, string batchId = "", string contentType = "") =>
        Writer.RegisterAsync(
            SubmissionRules.Check(
                new DocumentSubmission
                {
                    Tenant = key.Tenant, Collection = key.Collection, Id = key.DocumentId, BatchId = batchId, ContentType = contentType, Content = Encoding.UTF8.GetBytes(text),
                },
                Options.Value.MaxDocumentBytes, traceParent: null),
            CancellationToken.None);

    /// <summary>Brings a version from received to indexed, as the services would.</summary>
    public async Task IndexAsync(long version, string text, string id = "a")
    {
        (await Progress.BeginAsync(Key(id), version, CancellationToken.None)).ShouldNotBeNull();
        (await Progress.RecordTextAsync(Key(id), version, text, "", CancellationToken.None)).ShouldBeTrue();
        (await Progress.RecordChunksAsync(Key(id), version, 1, 1, CancellationToken.None)).ShouldBeTrue();
        (await Progress.RecordEmbeddedAsync(Key(id), version, 0, 1, CancellationToken.None)).ShouldNotBeNull();
        (await Outcome.RecordIndexedAsync(Key(id), version, 1, CancellationToken.None)).ShouldNotBeNull();
    }

    /// <summary>As releases left texts that stored none.</summary>
    public void ForgetOutlines()
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Options.Value.DataDirectory, "ingestion", "registry.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DELETE FROM outlines";
        command.ExecuteNonQuery().ShouldBePositive();
    }

    public DocumentVersion Latest(string id = "a") => Catalog.Find(Key(id)).ShouldNotBeNull();

    public void Dispose() => Database.Dispose();
}

internal static class TestTexts
{
    /// <summary>A text without structure, as of a document of one paragraph.</summary>
    public static Task<bool> RecordTextAsync(
        this VersionProgress progress, DocumentKey key, long version, string text, string title, CancellationToken cancellationToken) =>
        progress.RecordTextAsync(key, version, new ExtractedDocument(text, title, [new Block(BlockKind.Paragraph, 0, text.Length, [])]), cancellationToken);

    public static IReadOnlyList<string?> ReadTexts(this StoredTexts texts, string tenant, string collection, IReadOnlyList<TextRange> ranges) =>
        [.. texts.Read(tenant, collection, ranges).Select(passage => passage?.Text)];
}
