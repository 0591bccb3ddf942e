using RagPlatform.Documents;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion;

/// <summary>The closed set of failures that callers of this service can act on.</summary>
public static class IngestionErrors
{
    /// <summary>A caller's value as a message may quote it: its first 80 characters.</summary>
    public static string Shorten(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length <= 80 ? value : string.Concat(value.AsSpan(0, 80), "…");
    }

    public static ServiceException Invalid(string field, string problem, string remedy) =>
        new(FailureKind.InvalidArgument, "INVALID_FIELD", $"{field}: {problem}") { Field = field, Remedy = remedy };

    public static ServiceException EmptyContent() =>
        new(FailureKind.InvalidArgument, "EMPTY_CONTENT", "content: it has 0 bytes; at least 1 is needed.")
        {
            Field = "content",
            Remedy = "Send the document's bytes; to remove a document, delete it.",
        };

    public static ServiceException ContentTooLarge(long bytes, int limitBytes) =>
        new(FailureKind.InvalidArgument, "CONTENT_TOO_LARGE", $"content: {bytes} bytes so far; the limit is {limitBytes}.")
        {
            Field = "content",
            Remedy = "Split the document into smaller ones, or raise Ingestion:MaxDocumentBytes.",
        };

    public static ServiceException Unsupported(ExtractionException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(FailureKind.InvalidArgument, DocumentFailures.Code(exception.Code), exception.Message, exception) { Field = "content_type", Remedy = exception.Remedy };
    }

    public static ServiceException StagingFull(long bytes, long heldBytes, long limitBytes) =>
        new(FailureKind.ResourceExhausted, "STAGING_FULL", $"content: {bytes} bytes beside the {heldBytes} that the tenant has staged; the limit is {limitBytes}.")
        {
            Field = "content",
            Remedy = "Wait until staged content expires, upload the document through the gateway instead, or raise Ingestion:StagedContentMebibytesPerTenant.",
        };

    /// <summary>A document that is only looked at; one that is kept fails by a state.</summary>
    public static ServiceException NotReadable(ExtractionException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(FailureKind.InvalidArgument, DocumentFailures.Code(exception.Code), exception.Message, exception) { Field = "content", Remedy = exception.Remedy };
    }

    public static ServiceException UploadOutOfOrder(string problem) =>
        new(FailureKind.InvalidArgument, "UPLOAD_OUT_OF_ORDER", $"part: {problem}") { Field = "part", Remedy = "Send the header first and once, then the content in pieces." };

    public static ServiceException RegistryUnavailable(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new(FailureKind.Unavailable, "REGISTRY_UNAVAILABLE", $"The document registry cannot be written: {cause.Message}", cause)
        {
            Remedy = "Check the disk under Data:Directory for space and rights; then try again.",
            RetryDelay = TimeSpan.FromSeconds(2),
        };
    }

    public static ServiceException VersionNotFound(string id, long version) =>
        new(FailureKind.NotFound, "VERSION_NOT_FOUND", $"version: the text of version {version} of '{id}' is not there.")
        {
            Field = "version",
            Remedy = "Read the version that searches see (indexed_version), or a newer one that has been extracted.",
        };

    public static ServiceException InvalidPageToken() =>
        Invalid("page_token", "it is not one that this service gave out.", "Pass next_page_token of the page before unchanged, or leave it out for the first page.");

    public static ServiceException DropOfAnotherTenant(string tenant) =>
        new(FailureKind.PermissionDenied, "DROP_OF_ANOTHER_TENANT", $"body: the drop is of the tenant '{tenant}', which is not the caller's.")
        {
            Field = "body",
            Remedy = "Name your own tenant in the drop.",
        };

    public static ServiceException DropNotFound(long id) =>
        new(FailureKind.NotFound, "DROP_NOT_FOUND", $"id: there is no rejected drop {id}.")
        {
            Field = "id",
            Remedy = "List the rejected drops to see their ids; the oldest go when there are too many.",
        };

    public static ServiceException DropBodyMissing(long id, long bytes) =>
        new(FailureKind.FailedPrecondition, "DROP_BODY_MISSING", $"id: the body of the rejected drop {id} ({bytes} bytes) was too large to be kept.")
        {
            Field = "id",
            Remedy = "Give the body, or take it from the queue rag.documents_error.",
        };

    public static ServiceException TooManyPauses(int limit) =>
        new(FailureKind.ResourceExhausted, "TOO_MANY_PAUSES", $"collection: the tenant has {limit} pauses, which is the limit.")
        {
            Field = "collection",
            Remedy = "Resume collections, or pause the tenant as a whole.",
        };

    public static ServiceException DocumentNotFailed(string id, DocumentState state) =>
        new(FailureKind.FailedPrecondition, "DOCUMENT_NOT_FAILED", $"id: '{id}' is {state.Name()}; only what failed is begun again.")
        {
            Field = "id",
            Remedy = "Look at it with GetDocument (rag documents show).",
        };

    public static ServiceException BatchNotFound(string batchId) =>
        new(FailureKind.NotFound, "BATCH_NOT_FOUND", $"batch_id: there is no batch '{batchId}'.")
        {
            Field = "batch_id",
            Remedy = "It begins with its first put, or when it is declared; list the batches to see their ids.",
        };

    public static ServiceException DocumentNotFound(string collection, string id) =>
        new(FailureKind.NotFound, "DOCUMENT_NOT_FOUND", $"id: collection '{collection}' has no document '{id}'.")
        {
            Field = "id",
            Remedy = "List the collection's documents to see their ids.",
        };
}
