using System.Globalization;
using RagPlatform.Contracts;
using RagPlatform.Grpc.Errors;
using RagPlatform.Search;

namespace RagPlatform.Retrieval;

/// <summary>Every failure that callers can act on. Anything else is a bug.</summary>
internal static class RetrievalErrors
{
    public const string IndexOpeningCode = "INDEX_OPENING";
    public const string IndexNotOpenedCode = "INDEX_NOT_OPENED";
    public const string CollectionChangedCode = "COLLECTION_CHANGED";

    /// <summary>The embedding service's, for a model that is on disk and being loaded.</summary>
    public const string ModelNotReadyCode = "MODEL_NOT_READY";

    private static readonly TimeSpan OpeningRetryDelay = TimeSpan.FromSeconds(1);

    public static ServiceException IndexOpening() =>
        new(FailureKind.Unavailable, IndexOpeningCode, "The retrieval service is still opening its indexes.")
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

    public static ServiceException TooManyDocumentIds(int count, int max) =>
        Invalid("document_ids", "TOO_MANY_DOCUMENT_IDS", $"there are {count}; ask for {max} at most, or for all by naming none.");

    public static ServiceException QueryEmpty() =>
        Invalid("query", "QUERY_EMPTY", "it holds no text; ask 1 to 8,192 characters.");

    public static ServiceException QueryTooLong(int characters, int maxCharacters) =>
        Invalid("query", "QUERY_TOO_LONG", string.Create(CultureInfo.InvariantCulture, $"it has {characters:N0} characters, the limit is {maxCharacters:N0}; shorten it."));

    public static ServiceException TopKOutOfRange(int topK, int maxTopK) =>
        Invalid("top_k", "TOP_K_OUT_OF_RANGE", $"{topK} is out of range; use 1 to {maxTopK}, or 0 for the default.");

    public static ServiceException VectorWeightOutOfRange(string field, double weight) =>
        Invalid(field, "VECTOR_WEIGHT_OUT_OF_RANGE", string.Create(CultureInfo.InvariantCulture, $"{weight} is out of range; use 0 (BM25 alone) to 1 (vectors alone)."));

    public static ServiceException CandidatesOutOfRange(int candidates, int topK) =>
        Invalid("settings.candidates", "CANDIDATES_OUT_OF_RANGE", $"{candidates} is out of range; use top_k ({topK}) to {SearchQuery.MaxCandidates}, or 0 for the default.");

    public static ServiceException ChunksPerDocumentOutOfRange(int chunks, int max) =>
        Invalid("settings.max_chunks_per_document", "CHUNKS_PER_DOCUMENT_OUT_OF_RANGE", $"{chunks} is out of range; use 1 to {max}, or 0 for no limit.");

    public static ServiceException DiversityOutOfRange(double diversity) =>
        Invalid("settings.diversity", "DIVERSITY_OUT_OF_RANGE", string.Create(CultureInfo.InvariantCulture, $"{diversity} is out of range; use 0 to 1, or leave it out."));

    public static ServiceException RerankCandidatesOutOfRange(int candidates, int lowest, int highest) =>
        Invalid("settings.rerank_candidates", "RERANK_CANDIDATES_OUT_OF_RANGE", $"{candidates} is out of range; use {lowest} to {highest}, or 0 for the default.");

    public static ServiceException RerankModelTooLong(int characters, int limit) =>
        Invalid("settings.rerank_model", "RERANK_MODEL_TOO_LONG", $"it has {characters} characters, the limit is {limit}; list the models to see their names.");

    public static ServiceException RerankedAndDiverse(string model) =>
        Invalid("settings.diversity", "RERANKED_AND_DIVERSE", $"the reranker '{Shorten(model)}' would undo its order; leave it out, or set settings.rerank_model empty.");

    public static ServiceException RerankMismatch(string model, int passages, int scores) =>
        new(FailureKind.FailedPrecondition, "RERANK_MISMATCH", $"The embedding service answered {passages} passages with {scores} scores of '{model}' that are numbers.")
        {
            Remedy = "Choose another rerank_model, or verify its files: rag models verify.",
        };

    public static ServiceException ChunkingOutOfRange(string field, int tokens, int lowest, int highest) =>
        Invalid(field, "CHUNKING_OUT_OF_RANGE", $"{tokens} is out of range; use {lowest} to {highest} tokens, or leave it out.");

    public static ServiceException ParentsWithoutChildren(string field, int tokens) =>
        Invalid(field, "PARENTS_WITHOUT_CHILDREN", $"{tokens} are given, but only the strategy parent-child has parents; choose it, or leave this out.");

    public static ServiceException SettingUnknown(string field, int value) =>
        Invalid(field, "SETTING_UNKNOWN", $"{value} is none of its values.");

    public static ServiceException FilterInvalid(string path, string problem) => Invalid(path, "FILTER_INVALID", problem);

    public static ServiceException FacetsInvalid(string field, string problem) => Invalid(field, "FACETS_INVALID", problem);

    public static ServiceException AliasInvalid(string alias) =>
        Invalid("alias", "ALIAS_INVALID", $"'{Shorten(alias)}' is no alias; use 1 to 63 of a-z, 0-9, '_' and '-', beginning with a letter or digit.");

    public static ServiceException StoreUnknown(string store, IEnumerable<string> stores) =>
        Invalid("store", "STORE_UNKNOWN", $"'{Shorten(store)}' is not configured here; there is {string.Join(" and ", stores.Order(StringComparer.Ordinal))}.");

    public static ServiceException CollectionNotFound(string collection) =>
        new(FailureKind.NotFound, "COLLECTION_NOT_FOUND", $"collection: '{collection}' does not exist.")
        {
            Field = "collection",
            Remedy = "Collections come into being with their first document; list them to see which there are.",
        };

    public static ServiceException CollectionChanged(string collection) =>
        new(FailureKind.Unavailable, CollectionChangedCode, $"collection: another index took the place of that of '{collection}' meanwhile.")
        {
            Remedy = "Try again.",
            RetryDelay = TimeSpan.Zero,
        };

    public static ServiceException CollectionExists(string name, string what) =>
        new(FailureKind.AlreadyExists, "COLLECTION_EXISTS", $"collection: '{name}' is {what} already.")
        {
            Field = "collection",
            Remedy = "Choose another name, or update the one that is there.",
        };

    public static ServiceException CollectionEmpty(string name) =>
        new(FailureKind.FailedPrecondition, "COLLECTION_EMPTY", $"collection: '{name}' has had no document yet, so there is nothing to build from.")
        {
            Field = "collection",
            Remedy = "Put a document into it; its first one decides the model. To change its store, delete it and create it there.",
        };

    public static ServiceException AliasIsCollection(string alias) =>
        new(FailureKind.AlreadyExists, "ALIAS_IS_COLLECTION", $"alias: '{alias}' is a collection.") { Field = "alias", Remedy = "Choose another name." };

    public static ServiceException AliasNotFound(string alias) =>
        new(FailureKind.NotFound, "ALIAS_NOT_FOUND", $"alias: '{alias}' does not exist.") { Field = "alias", Remedy = "Describe a collection to see its aliases." };

    public static ServiceException AliasNamed(string alias, string collection) =>
        new(FailureKind.FailedPrecondition, "ALIAS_NAMED", $"collection: '{alias}' is an alias of '{collection}', which can be searched by it but not changed.")
        {
            Field = "collection",
            Remedy = $"Name '{collection}' itself.",
        };

    public static ServiceException AliasTakesNoDocuments(string alias, string collection) =>
        new(FailureKind.FailedPrecondition, "ALIAS_TAKES_NO_DOCUMENTS", $"collection: '{alias}' is an alias of '{collection}'; documents go into collections.")
        {
            Field = "collection",
            Remedy = $"Put the document into '{collection}', or delete the alias and redrive the document.",
        };

    public static ServiceException SnapshotInvalid(string snapshot) =>
        Invalid("snapshot", "SNAPSHOT_INVALID", $"'{Shorten(snapshot)}' is no snapshot's name; they are like docs-20261120-101500.");

    public static ServiceException SnapshotNotFound(string snapshot) =>
        new(FailureKind.NotFound, "SNAPSHOT_NOT_FOUND", $"snapshot: '{snapshot}' does not exist.")
        {
            Field = "snapshot",
            Remedy = "Look for it under the data directory, in retrieval/snapshots.",
        };

    public static ServiceException SnapshotExists(string snapshot) =>
        new(FailureKind.AlreadyExists, "SNAPSHOT_EXISTS", $"snapshot: '{snapshot}' was written this very second.") { Field = "snapshot", Remedy = "Use it, or write another in a second." };

    public static ServiceException SnapshotNotWritten(string snapshot, IOException reason) =>
        new(FailureKind.Unavailable, "SNAPSHOT_NOT_WRITTEN", $"snapshot: '{snapshot}' cannot be written: {reason.Message}", reason)
        {
            Remedy = "Nothing is left of it. See that the disk of the data directory has room and works, then write another.",
        };

    public static ServiceException SnapshotDamaged(string snapshot, string reason) =>
        new(FailureKind.FailedPrecondition, "SNAPSHOT_DAMAGED", $"snapshot: '{snapshot}' is damaged: {reason}.")
        {
            Field = "snapshot",
            Remedy = "Restore another one, or put the documents again.",
        };

    public static ServiceException SnapshotNotSupported(string collection, string store) =>
        new(FailureKind.FailedPrecondition, "SNAPSHOT_NOT_SUPPORTED", $"collection: '{collection}' is in the store '{store}', which has snapshots of its own.")
        {
            Field = "collection",
            Remedy = $"Use the snapshots of {store}, or move the collection first (rag collections move {collection} --store {RetrievalOptions.EmbeddedStore}).",
        };

    public static ServiceException BuildRuns(string collection, string id) =>
        new(FailureKind.FailedPrecondition, "BUILD_RUNS", $"collection: build {id} of '{collection}' runs already; there is one at a time.")
        {
            Field = "collection",
            Remedy = "Wait for it, or cancel it first.",
        };

    public static ServiceException BuildNotFound(string collection) =>
        new(FailureKind.NotFound, "BUILD_NOT_FOUND", $"collection: no second index of '{collection}' was ever built.") { Field = "collection", Remedy = "Start one first." };

    public static ServiceException BuildRests(string collection) =>
        new(FailureKind.FailedPrecondition, "BUILD_RESTS", $"collection: no build of '{collection}' runs.") { Field = "collection", Remedy = "There is nothing to cancel." };

    public static ServiceException BuildDiffers(string difference) =>
        new(FailureKind.FailedPrecondition, "BUILD_DIFFERS", $"The second index is not what the first one is: {difference}.")
        {
            Remedy = "The collection is as it was. Start the build again; report it if it fails again.",
        };

    public static ServiceException ChunkingChanged(string collection) =>
        new(FailureKind.FailedPrecondition, "CHUNKING_CHANGED", $"The chunking settings changed while '{collection}' was being chunked again.")
        {
            Remedy = "The collection is as it was. Start the build again.",
        };

    public static ServiceException TextNotStored(string documentId, long version, Exception reason) =>
        new(FailureKind.FailedPrecondition, "TEXT_NOT_STORED", $"The registry does not keep the text of '{Shorten(documentId)}' version {version}, so it cannot be chunked again.", reason)
        {
            Remedy = "Put or delete that document, or build without chunking again.",
        };

    public static ServiceException IndexNotOpened(string collection, Exception reason) =>
        new(FailureKind.Unavailable, IndexNotOpenedCode, $"collection: the index of '{collection}' cannot be opened: {reason.Message}", reason)
        {
            Remedy = "See that the files under the data directory can be read and written; it is tried again. If they cannot be mended, delete the collection and index it again.",
            RetryDelay = TimeSpan.FromSeconds(1),
        };

    public static ServiceException IndexReopening(string collection) =>
        new(FailureKind.Unavailable, "INDEX_REOPENING", $"collection: the index of '{collection}' is being opened anew, because a file of it went bad.")
        {
            Remedy = "Try again; what the file held is indexed again by itself.",
            RetryDelay = TimeSpan.FromSeconds(1),
        };

    public static ServiceException IndexNotWritten(string collection, IOException reason) =>
        new(FailureKind.Unavailable, "INDEX_NOT_WRITTEN", $"collection: the index of '{collection}' cannot be written: {reason.Message}", reason)
        {
            Remedy = "See that the disk of the data directory has room and works; what failed is tried again.",
            RetryDelay = TimeSpan.FromSeconds(1),
        };

    public static ServiceException DimensionChanged(DocumentKey document, string model, int dimension, int indexDimension) =>
        new(FailureKind.FailedPrecondition, "DIMENSION_CHANGED",
            $"model: '{model}' gave {document} vectors of {dimension} dimensions, those that its collection holds of it have {indexDimension}.")
        {
            Remedy = $"It is another model by the same name. Take the collection to it (rag collections rebuild {document.Collection} --model {model}) and put the document again.",
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
