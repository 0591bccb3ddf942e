using RagPlatform.Retrieval.Storage.Catalogue;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Storage;

/// <summary>What must be done where a store's index and the catalogue differ.</summary>
/// <param name="Shown">Whole versions that reached the store just before a crash: the catalogue takes note.</param>
/// <param name="Lost">Documents whose visible version the store has not, or not all of; they are to be prepared again.</param>
/// <param name="Removed">Ids that the store must not hold any more: deleted, or an older version that a damage brought back.</param>
internal sealed record Reconciliation(IReadOnlyList<HeldDocument> Shown, IReadOnlyList<DocumentRow> Lost, IReadOnlyList<string> Removed)
{
    public static Reconciliation Of(IEnumerable<DocumentRow> known, IReadOnlyDictionary<string, HeldDocument> held)
    {
        var (shown, lost, removed) = (new List<HeldDocument>(), new List<DocumentRow>(), new List<string>());
        var unknown = new Dictionary<string, HeldDocument>(held, StringComparer.Ordinal);
        foreach (var document in known)
        {
            var has = unknown.Remove(document.DocumentId, out var there);
            if (has && there.Version > document.DeletedVersion && there.Version >= Math.Max(document.VisibleVersion, document.LostVersion)
                && !IsIncomplete(document, there))
            {
                if (there.Version > document.VisibleVersion)
                {
                    shown.Add(there);
                }

                continue;
            }

            if (has)
            {
                removed.Add(document.DocumentId);
            }

            if (document.VisibleVersion > 0)
            {
                lost.Add(document);
            }
        }

        shown.AddRange(unknown.Values);
        return new Reconciliation(shown, lost, removed);
    }

    private static bool IsIncomplete(DocumentRow document, HeldDocument there) =>
        there.Version == document.VisibleVersion && there.ChunkCount != document.ChunkCount;
}
