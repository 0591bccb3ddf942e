using System.Globalization;
using RagPlatform.Contracts;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// What an index's collection in Qdrant is called: "rag.tenant.collection.generation". Names of ours hold no dot, so that
/// no two indexes share a name, and Qdrant takes dots.
/// </summary>
/// <param name="prefix">Tells our collections from others', also those of another installation.</param>
internal sealed class QdrantIndexName(string prefix)
{
    private const char Separator = '.';
    private const int Parts = 4;

    public string Of(IndexKey index) =>
        string.Join(Separator, prefix, index.Collection.Tenant.Name, index.Collection.Name, index.Generation.ToString(CultureInfo.InvariantCulture));

    /// <returns>Null for what is not ours.</returns>
    public IndexKey? Parse(string name)
    {
        var parts = name.Split(Separator);
        return parts.Length == Parts && parts[0] == prefix && Names.IsTenant(parts[1]) && Names.IsCollection(parts[2])
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var generation)
            ? new IndexKey(CollectionKey.Require(parts[1], parts[2]), generation)
            : null;
    }
}
