using System.Runtime.CompilerServices;
using RagPlatform.Contracts;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.CheckConsistency;

/// <summary>
/// Compares the registry with the index, collection by collection. Documents on their way are passed over, and what looks
/// different is looked at a second time, so that what changes meanwhile is no difference.
/// </summary>
public sealed class CheckConsistencyHandler(DocumentStandings standings, IndexedDocumentsClient index, DifferenceRepair repair)
{
    public const int MaxToldDifferences = 1000;
    private const int PageDocuments = 1000;

    /// <summary>Progress after every page, and each difference; the last one names no collection.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">The retrieval service is down. InvalidArgument.</exception>
    public async IAsyncEnumerable<ConsistencyProgress> CheckAsync(
        string tenant, string collection, Repairs repairs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        SubmissionRules.CheckTenant(tenant);
        var names = collection.Length > 0
            ? [new CollectionName(tenant, SubmissionRules.CheckCollection(collection))]
            : standings.Collections(tenant).Union(await index.ListCollectionsAsync(tenant, cancellationToken)).OrderBy(name => name.Collection, StringComparer.Ordinal).ToArray();
        var progress = new ConsistencyProgress("", 0, names.Sum(standings.Count), null, 0, 0);
        foreach (var name in names)
        {
            await foreach (var (difference, checkedDocuments) in CompareAsync(name, repairs, cancellationToken))
            {
                progress = progress with { Collection = name.Collection, Checked = progress.Checked + checkedDocuments, Difference = null };
                if (difference is not null)
                {
                    progress = progress with
                    {
                        Difference = progress.Differences < MaxToldDifferences ? difference : null,
                        Differences = progress.Differences + 1,
                        Repaired = progress.Repaired + (difference.IsRepaired ? 1 : 0),
                    };
                }

                yield return progress;
            }
        }

        yield return progress with { Collection = "", Difference = null };
    }

    private async IAsyncEnumerable<(Difference? Difference, int Checked)> CompareAsync(
        CollectionName collection, Repairs repairs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var held = await index.ReadAsync(collection, [], reconcile: repairs is not Repairs.None, cancellationToken);
        var (afterId, known) = ("", 0L);
        IReadOnlyList<DocumentStanding> page;
        do
        {
            page = standings.List(collection, afterId, PageDocuments);
            var suspects = new List<string>();
            foreach (var standing in page)
            {
                held.Remove(standing.DocumentId, out var there);
                if (standing.State.IsAtRest() && Between(collection, standing, there) is not null)
                {
                    suspects.Add(standing.DocumentId);
                }
            }

            afterId = page.Count > 0 ? page[^1].DocumentId : "";
            known += page.Count;
            yield return (null, page.Count);
            await foreach (var difference in ConfirmAsync(collection, suspects, repairs is not Repairs.None, cancellationToken))
            {
                yield return (difference, 0);
            }
        }
        while (page.Count == PageDocuments);

        var deletesUnknown = repairs is Repairs.Asked || (repairs is Repairs.Unattended && held.Count <= known);
        foreach (var unknown in held.Keys.Order(StringComparer.Ordinal).Chunk(PageDocuments))
        {
            await foreach (var difference in ConfirmAsync(collection, unknown, deletesUnknown, cancellationToken))
            {
                yield return (difference, 0);
            }
        }
    }

    /// <summary>Those that still differ when both sides are read again, the registry before and after the index.</summary>
    private async IAsyncEnumerable<Difference> ConfirmAsync(
        CollectionName collection, IReadOnlyList<string> ids, bool repairs, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            yield break;
        }

        var before = ids.ToDictionary(id => id, id => standings.Find(Key(collection, id)), StringComparer.Ordinal);
        var there = await index.ReadAsync(collection, ids, reconcile: false, cancellationToken);
        foreach (var id in ids)
        {
            var standing = standings.Find(Key(collection, id));
            if (standing != before[id] || standing is { } known && !known.State.IsAtRest() || Between(collection, standing, there.GetValueOrDefault(id), id) is not { } difference)
            {
                continue;
            }

            yield return repairs
                ? difference with { IsRepaired = await repair.TryAsync(Key(collection, id), difference, standing, there.GetValueOrDefault(id), cancellationToken) }
                : difference;
        }
    }

    private Difference? Between(CollectionName collection, DocumentStanding? standing, IndexStanding? there, string? id = null) =>
        standing is null && there is null
            ? null
            : Difference.Between(standing, there, (document, version) => standings.HasContentVersion(Key(collection, id ?? document), version));

    private static DocumentKey Key(CollectionName collection, string id) => new(collection.Tenant, collection.Collection, id);
}

/// <summary>What is mended of what differs.</summary>
public enum Repairs
{
    /// <summary>Nothing: it is only told.</summary>
    None,

    /// <summary>
    /// What nobody needs to look at: all, but for documents that the registry never heard of where they are more than it knows
    /// of the collection. That tells of a lost registry, and the index may then be the last to hold them.
    /// </summary>
    Unattended,

    /// <summary>All.</summary>
    Asked,
}

/// <param name="Collection">That is being compared; empty at the end.</param>
/// <param name="Checked">Documents so far, over all collections.</param>
/// <param name="Total">Documents of the registry, over all collections.</param>
/// <param name="Difference">Just found; the first <see cref="CheckConsistencyHandler.MaxToldDifferences"/> only.</param>
/// <param name="Differences">So far.</param>
/// <param name="Repaired">So far.</param>
public sealed record ConsistencyProgress(string Collection, long Checked, long Total, Difference? Difference, long Differences, long Repaired);
