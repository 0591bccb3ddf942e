using System.Globalization;
using System.Net;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>The failures of this store that callers can act on. Anything else is a bug.</summary>
internal static class QdrantErrors
{
    private const int MaxReasonCharacters = 500;
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <param name="reason">Without the address.</param>
    public static ServiceException Unavailable(Uri address, string request, string reason, Exception? cause = null) =>
        new(FailureKind.Unavailable, "QDRANT_UNAVAILABLE", $"qdrant at {address.GetLeftPart(UriPartial.Authority)} did not do {request}: {Shorten(reason)}", cause)
        {
            Remedy = "See that Qdrant runs and is reachable at Retrieval:Qdrant:Url (or ConnectionStrings:qdrant); then try again.",
            RetryDelay = RetryDelay,
        };

    public static ServiceException KeyRefused(Uri address, HttpStatusCode status) =>
        new(FailureKind.Unavailable, "QDRANT_KEY_REFUSED", $"qdrant at {address.GetLeftPart(UriPartial.Authority)} refused our API key (HTTP {(int)status}).")
        {
            Remedy = "Set Retrieval:Qdrant:ApiKey (or Key= of ConnectionStrings:qdrant) to a key of that server that may write.",
        };

    public static ServiceException Missing(Uri address, string request, string reason) =>
        new(FailureKind.Unavailable, "QDRANT_COLLECTION_MISSING", $"qdrant at {address.GetLeftPart(UriPartial.Authority)} has not what {request} needs: {Shorten(reason)}")
        {
            Remedy = "If nobody is deleting the collection, it was deleted behind the service's back: restart the service, which has it filled again.",
            RetryDelay = RetryDelay,
        };

    public static ServiceException Refused(Uri address, string request, HttpStatusCode status, string reason) =>
        new(FailureKind.FailedPrecondition, "QDRANT_REFUSED", $"qdrant at {address.GetLeftPart(UriPartial.Authority)} refused {request} (HTTP {(int)status}): {Shorten(reason)}")
        {
            Remedy = "Compare the server's version (1.15 or later) and its limits with services/Retrieval/README.md, section Qdrant.",
        };

    public static ServiceException SettingsDiffer(string name, IndexSettings held, IndexSettings wanted) =>
        new(FailureKind.FailedPrecondition, "INDEX_SETTINGS_DIFFER",
            $"The index '{name}' is made for '{held.Model}' ({held.Dimension} dimensions), not for '{wanted.Model}' ({wanted.Dimension} dimensions).")
        {
            Remedy = "Build another index beside it, or drop this one first.",
        };

    public static ServiceException StillThere(string name, string documentId, long chunks) =>
        new(FailureKind.Unavailable, "QDRANT_DELETION_INCOMPLETE",
            string.Create(CultureInfo.InvariantCulture, $"qdrant still holds {chunks} chunks of document '{documentId}' in '{name}' after it deleted them."))
        {
            Remedy = "See in Qdrant's cluster status whether all replicas are active; the deletion is tried again.",
            RetryDelay = RetryDelay,
        };

    public static ServiceException Incomplete(string name, string documentId, int found, int chunkCount) =>
        new(FailureKind.Unavailable, "QDRANT_DOCUMENT_INCOMPLETE",
            string.Create(CultureInfo.InvariantCulture, $"qdrant has {found} of the {chunkCount} chunks of document '{documentId}' in '{name}'."))
        {
            Remedy = "See in Qdrant's cluster status whether all replicas are active; if they are, restart the service, which has the document indexed again.",
            RetryDelay = RetryDelay,
        };

    public static ServiceException FieldsExhausted(string name, int maxFields) =>
        new(FailureKind.FailedPrecondition, "METADATA_FIELDS_EXHAUSTED",
            string.Create(CultureInfo.InvariantCulture, $"metadata: the index '{name}' has {maxFields} fields that filters can use, and the limit is {maxFields}."))
        {
            Field = "metadata",
            Remedy = "Use fewer different metadata keys in one collection.",
        };

    public static ServiceException SyntaxNotSupported() =>
        new(FailureKind.InvalidArgument, "SYNTAX_NOT_SUPPORTED", "syntax: the operators \"phrase\", +word, -word and begin* are not supported by the store 'qdrant'.")
        {
            Field = "syntax",
            Remedy = "Search with plain syntax, or move the collection to the embedded store.",
        };

    public static ServiceException TypoToleranceNotSupported() =>
        new(FailureKind.InvalidArgument, "TYPO_TOLERANCE_NOT_SUPPORTED", "typo_tolerance: true is not supported by the store 'qdrant', which cannot list its terms.")
        {
            Field = "typo_tolerance",
            Remedy = "Search without it, or move the collection to the embedded store.",
        };

    private static string Shorten(string reason) => reason.Length <= MaxReasonCharacters ? reason : string.Concat(reason.AsSpan(0, MaxReasonCharacters), "…");
}
