using System.Collections.Concurrent;
using RagPlatform.Retrieval.Storage.QdrantStore.Api;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>Which fields of the payload have an index: those that documents have and filters may name.</summary>
internal sealed class IndexFields(QdrantClient client, string name, IEnumerable<string> indexed)
{
    /// <summary>Each costs the server memory; a metadata key takes one to three.</summary>
    public const int MaxFields = 256;

    private static readonly string[] Always =
        [PayloadKeys.Tenant, PayloadKeys.Kind, PayloadKeys.DocumentId, PayloadKeys.Revision, PayloadKeys.Title, PayloadKeys.Uri];

    private readonly ConcurrentDictionary<string, bool> _indexed = new(indexed.Select(field => KeyValuePair.Create(field, true)), StringComparer.Ordinal);

    public bool Has(string payloadField) => _indexed.ContainsKey(payloadField);

    public Task CreateFirstAsync(CancellationToken cancellationToken) => AddAsync(Always, cancellationToken);

    /// <summary>Before the points that have them, so that no filter meets a field without an index.</summary>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">There would be more than <see cref="MaxFields"/>.</exception>
    public async Task AddAsync(IEnumerable<string> payloadFields, CancellationToken cancellationToken)
    {
        foreach (var field in payloadFields.Where(field => !Has(field)))
        {
            if (_indexed.Count >= MaxFields)
            {
                throw QdrantErrors.FieldsExhausted(name, MaxFields);
            }

            await client.CreateFieldIndexAsync(name, new CreateFieldIndex(field, PayloadFields.Schema(field)), cancellationToken);
            _indexed[field] = true;
        }
    }
}
