using System.Globalization;
using RagPlatform.Contracts;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval;

/// <summary>Every failure that callers can act on. Anything else is a bug.</summary>
internal static class RetrievalErrors
{
    private static readonly TimeSpan OpeningRetryDelay = TimeSpan.FromSeconds(1);

    public static ServiceException IndexOpening() =>
        new(FailureKind.Unavailable, "INDEX_OPENING", "The retrieval service is still opening its indexes.")
        {
            Remedy = "Try again shortly; /health says when it is ready.",
            RetryDelay = OpeningRetryDelay,
        };

    public static ServiceException TenantInvalid(string? tenant) =>
        new(FailureKind.PermissionDenied, "TENANT_INVALID", $"tenant: '{Shorten(tenant)}' is no tenant; a tenant is 1 to 63 of a-z, 0-9, '_' and '-'.")
        {
            Field = "tenant",
            Remedy = "Call through the gateway, which takes the tenant from the API key.",
        };

    public static ServiceException CollectionInvalid(string? collection) =>
        Invalid("collection", "COLLECTION_INVALID", $"'{Shorten(collection)}' is no collection name; use 1 to 63 of a-z, 0-9, '_' and '-', beginning with a letter or digit.");

    public static ServiceException DocumentIdInvalid(string? documentId) =>
        Invalid("document_id", "DOCUMENT_ID_INVALID", $"'{Shorten(documentId)}' is no document id; use 1 to {Names.MaxDocumentIdCharacters} characters without control characters.");

    public static ServiceException QueryEmpty() =>
        Invalid("query", "QUERY_EMPTY", "it holds no text; ask 1 to 8,192 characters.");

    public static ServiceException QueryTooLong(int characters, int maxCharacters) =>
        Invalid("query", "QUERY_TOO_LONG", string.Create(CultureInfo.InvariantCulture, $"it has {characters:N0} characters, the limit is {maxCharacters:N0}; shorten it."));

    public static ServiceException TopKOutOfRange(int topK, int maxTopK) =>
        Invalid("top_k", "TOP_K_OUT_OF_RANGE", $"{topK} is out of range; use 1 to {maxTopK}, or 0 for the default.");

    public static ServiceException VectorWeightOutOfRange(double weight) =>
        Invalid("vector_weight", "VECTOR_WEIGHT_OUT_OF_RANGE", string.Create(CultureInfo.InvariantCulture, $"{weight} is out of range; use 0 (BM25 alone) to 1 (vectors alone)."));

    public static ServiceException CollectionNotFound(string collection) =>
        new(FailureKind.NotFound, "COLLECTION_NOT_FOUND", $"collection: '{collection}' does not exist.")
        {
            Field = "collection",
            Remedy = "Collections come into being with their first document; list them to see which there are.",
        };

    public static ServiceException CollectionChanged(string collection) =>
        new(FailureKind.Unavailable, "COLLECTION_CHANGED", $"collection: '{collection}' changed its embedding model during the search.")
        {
            Remedy = "Search again.",
            RetryDelay = TimeSpan.Zero,
        };

    public static ServiceException ModelMismatch(DocumentKey document, string model, int dimension, string collectionModel, int collectionDimension) =>
        new(FailureKind.FailedPrecondition, "MODEL_MISMATCH",
            $"model: {document} was embedded by '{model}' ({dimension} dimensions), its collection holds vectors of '{collectionModel}' ({collectionDimension} dimensions).")
        {
            Remedy = $"Embed it with '{collectionModel}', put it into another collection, or delete this collection's documents first.",
        };

    public static ServiceException EmbeddingMismatch(string model, string fault) =>
        new(FailureKind.FailedPrecondition, "EMBEDDING_MISMATCH",
            $"The query's vector, which the embedding service made with model '{model}', does not go with the collection's: it {fault}.")
        {
            Remedy = "Give the embedding service the model that made the collection's vectors.",
        };

    public static ServiceException BatchInvalid(DocumentKey? document, long version, int batchIndex, string problem) =>
        new(FailureKind.InvalidArgument, "BATCH_INVALID", $"Batch {batchIndex} of {document} version {version} is not indexed: {problem}")
        {
            Remedy = "This is a fault of the sender; fix it and redrive the document.",
        };

    private static ServiceException Invalid(string field, string code, string problem) =>
        new(FailureKind.InvalidArgument, code, $"{field}: {problem}") { Field = field };

    private static string Shorten(string? value) => value is not { Length: > 80 } ? value ?? "" : string.Concat(value.AsSpan(0, 80), "…");
}
