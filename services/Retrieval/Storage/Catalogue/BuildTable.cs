namespace RagPlatform.Retrieval.Storage.Catalogue;

internal enum BuildState
{
    Running,

    /// <summary>The collection is searched through the new index.</summary>
    Succeeded,

    /// <summary>The collection is as it was.</summary>
    Failed,

    /// <summary>The collection is as it was.</summary>
    Cancelled,
}

/// <summary>A second index beside the one that is searched.</summary>
/// <param name="Target">Null once the build rests.</param>
/// <param name="ChunkAgain">From the stored text, by the present chunking; otherwise chunks are taken as they are.</param>
/// <param name="Failure">With its remedy; empty unless failed.</param>
/// <param name="ResumeCount">How often a start of the service went on with it.</param>
internal sealed record Build(
    CollectionKey Collection, string Id, BuildState State, ActiveIndex? Target, string Store, string Model, bool ChunkAgain,
    int DoneDocuments, int TotalDocuments, DateTimeOffset StartedAt, string Failure, int ResumeCount = 0);

/// <summary>The last build of each collection.</summary>
internal static class BuildTable
{
    private const string Columns =
        """
        builds.tenant AS Tenant, builds.collection AS Collection, id AS Id, state AS State, builds.generation AS Generation, builds.store AS Store,
        builds.model AS Model, builds.dimension AS Dimension, chunk_again AS ChunkAgain, done_documents AS DoneDocuments,
        total_documents AS TotalDocuments, started_at AS StartedAt, failure AS Failure, resume_count AS ResumeCount, coalesce(configuration_hash, '') AS ConfigurationHash
        FROM builds LEFT JOIN indexes ON indexes.generation = builds.generation
        """;

    public static Build? Find(CatalogueSession catalogue, CollectionKey collection) =>
        catalogue.Find<Row>($"SELECT {Columns} WHERE builds.tenant = @tenant AND builds.collection = @collection", Names(collection))?.ToBuild();

    public static IReadOnlyList<Build> Running(CatalogueSession catalogue) =>
        [.. catalogue.Query<Row>($"SELECT {Columns} WHERE state = @running ORDER BY started_at", new { running = nameof(BuildState.Running) }).Select(row => row.ToBuild())];

    /// <summary>The builds that run go on after a start of the service.</summary>
    public static void Resume(CatalogueSession catalogue) =>
        catalogue.Execute("UPDATE builds SET resume_count = resume_count + 1 WHERE state = @running", new { running = nameof(BuildState.Running) });

    /// <summary>In the place of the collection's former build.</summary>
    public static void Start(CatalogueSession catalogue, Build build) =>
        catalogue.Execute(
            """
            INSERT OR REPLACE INTO builds (tenant, collection, id, state, generation, store, model, dimension, chunk_again, total_documents, started_at)
            VALUES (@tenant, @collection, @Id, @state, @Generation, @Store, @Model, @Dimension, @ChunkAgain, @TotalDocuments, @startedAt)
            """,
            new
            {
                tenant = build.Collection.Tenant.Name, collection = build.Collection.Name, build.Id, state = nameof(BuildState.Running),
                build.Target!.Key.Generation, build.Store, build.Model, build.Target.Settings.Dimension, build.ChunkAgain, build.TotalDocuments,
                startedAt = build.StartedAt.ToUnixTimeMilliseconds(),
            });

    /// <summary>Ends the build if it still runs. Unless it succeeded its target is to be dropped.</summary>
    /// <returns>False if it does not run any more.</returns>
    public static bool End(CatalogueSession catalogue, Build build, BuildState state, int doneDocuments, int totalDocuments, string failure)
    {
        var ended = catalogue.Execute(
            """
            UPDATE builds SET state = @state, generation = NULL, done_documents = @doneDocuments, total_documents = @totalDocuments, failure = @failure
            WHERE tenant = @tenant AND collection = @collection AND id = @Id AND state = @running
            """,
            new
            {
                tenant = build.Collection.Tenant.Name, collection = build.Collection.Name, build.Id, state = state.ToString(), doneDocuments, totalDocuments,
                failure, running = nameof(BuildState.Running),
            }) > 0;
        if (ended && state is not BuildState.Succeeded)
        {
            IndexTable.MarkDropped(catalogue, build.Target!.Key.Generation);
        }

        return ended;
    }

    private static object Names(CollectionKey collection) => new { tenant = collection.Tenant.Name, collection = collection.Name };

    private sealed class Row
    {
        public string Tenant { get; init; } = "";
        public string Collection { get; init; } = "";
        public string Id { get; init; } = "";
        public string State { get; init; } = "";
        public int? Generation { get; init; }
        public string Store { get; init; } = "";
        public string Model { get; init; } = "";
        public int Dimension { get; init; }
        public bool ChunkAgain { get; init; }
        public int DoneDocuments { get; init; }
        public int TotalDocuments { get; init; }
        public long StartedAt { get; init; }
        public string Failure { get; init; } = "";
        public int ResumeCount { get; init; }
        public string ConfigurationHash { get; init; } = "";

        public Build ToBuild()
        {
            var key = CollectionKey.Require(Tenant, Collection);
            var target = Generation is { } generation
                ? new ActiveIndex(new IndexKey(key, generation), Store, new IndexSettings(Model, Dimension), ConfigurationHash)
                : null;
            return new Build(
                key, Id, Enum.Parse<BuildState>(State), target, Store, Model, ChunkAgain, DoneDocuments, TotalDocuments,
                DateTimeOffset.FromUnixTimeMilliseconds(StartedAt), Failure, ResumeCount);
        }
    }
}
