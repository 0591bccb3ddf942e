using RagPlatform.Retrieval.Storage.QdrantStore.Api;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// Makes every filter that is ever sent, so that none leaves the tenant out: a collection holds one index, of one tenant,
/// and still each point says whose it is.
/// </summary>
internal sealed class IndexScope(Tenant tenant)
{
    public string Tenant => tenant.Name;

    public QdrantFilter Documents(params IReadOnlyList<QdrantCondition> conditions) => Points(PointPayload.DocumentKind, conditions);

    public QdrantFilter Chunks(params IReadOnlyList<QdrantCondition> conditions) => Points(PointPayload.ChunkKind, conditions);

    public QdrantFilter ChunksExcept(IReadOnlyList<string> revisions, params IReadOnlyList<QdrantCondition> conditions) =>
        revisions.Count == 0 ? Chunks(conditions) : Chunks(conditions) with { MustNot = [QdrantCondition.IsAnyOf(PayloadKeys.Revision, revisions)] };

    public QdrantFilter ChunksOf(string documentId) => Chunks(QdrantCondition.Is(PayloadKeys.DocumentId, documentId));

    public QdrantFilter ChunksOf(string documentId, string revision) =>
        Chunks(QdrantCondition.Is(PayloadKeys.DocumentId, documentId), QdrantCondition.Is(PayloadKeys.Revision, revision));

    public QdrantFilter ChunksOfOtherRevisions(string documentId, string revision) =>
        ChunksOf(documentId) with { MustNot = [QdrantCondition.Is(PayloadKeys.Revision, revision)] };

    private QdrantFilter Points(string kind, IReadOnlyList<QdrantCondition> conditions) =>
        new(Must: [QdrantCondition.Is(PayloadKeys.Tenant, tenant.Name), QdrantCondition.Is(PayloadKeys.Kind, kind), .. conditions]);
}
