using System.Globalization;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Gateway;

/// <summary>Every failure of the gateway itself; those of the services behind it pass through as they are.</summary>
internal static class GatewayErrors
{
    private const string KeyRemedy = "Send the header \"authorization: Bearer KEY\" or \"x-api-key: KEY\" with a key of Gateway:ApiKeys (rag: --key KEY).";
    private const int MaxNamed = 10;
    private static readonly TimeSpan BusyRetryDelay = TimeSpan.FromSeconds(1);

    public static ServiceException KeyMissing() =>
        new(FailureKind.Unauthenticated, "API_KEY_MISSING", "The call carries no API key.") { Remedy = KeyRemedy };

    public static ServiceException KeyUnknown() =>
        new(FailureKind.Unauthenticated, "API_KEY_UNKNOWN", "The API key is not one of this gateway's.") { Remedy = KeyRemedy };

    public static ServiceException SchemeUnknown() =>
        new(FailureKind.Unauthenticated, "API_KEY_MISSING", "The header \"authorization\" does not begin with \"Bearer \".") { Remedy = KeyRemedy };

    public static ServiceException OperatorOnly(string tenant) =>
        new(FailureKind.PermissionDenied, "OPERATOR_ONLY", $"all_tenants: the key of the tenant '{tenant}' is no operator's.")
        {
            Field = "all_tenants",
            Remedy = "Leave it out to act on your own tenant, or use a key with Gateway:ApiKeys:N:IsOperator.",
        };

    public static ServiceException TooManyCalls(string tenant, int limit, string option) =>
        new(FailureKind.ResourceExhausted, "TOO_MANY_CALLS", string.Create(CultureInfo.InvariantCulture, $"The tenant '{tenant}' has {limit} calls of this kind in work, which is the limit."))
        {
            Remedy = $"Wait for one to end, or raise {option}.",
            RetryDelay = BusyRetryDelay,
        };

    public static ServiceException TimedOut(string method, TimeSpan limit, string option, Exception exception) =>
        new(FailureKind.DeadlineExceeded, "TIMED_OUT", string.Create(CultureInfo.InvariantCulture, $"{method} did not finish within {limit.TotalSeconds} seconds, which is the limit."), exception)
        {
            Remedy = $"Try again, or raise {option}.",
        };

    public static ServiceException HeaderMissing() =>
        new(FailureKind.InvalidArgument, "HEADER_MISSING", "header: it is not set; a document begins with its header.")
        {
            Field = "header",
            Remedy = "Send a header, which may be empty, before the content.",
        };

    public static ServiceException HeaderRepeated() =>
        new(FailureKind.InvalidArgument, "HEADER_REPEATED", "header: it came a second time; an upload is one document.")
        {
            Field = "header",
            Remedy = "Start a new upload for each document.",
        };

    public static ServiceException CollectionMissing() =>
        new(FailureKind.InvalidArgument, "COLLECTION_MISSING", "collection: it is empty; what changes a collection must name it.")
        {
            Field = "collection",
            Remedy = "Give the collection's name; \"default\" is the one that documents go to when none is named.",
        };

    public static ServiceException ChunksOutOfRange(int chunks, int limit) =>
        new(FailureKind.InvalidArgument, "CHUNKS_RANGE", string.Create(CultureInfo.InvariantCulture, $"max_chunks: {chunks} is outside 1 to {limit}."))
        {
            Field = "max_chunks",
            Remedy = "Leave it out for 20,000.",
        };

    public static ServiceException CollectionIsAlias(string alias, string collection) =>
        new(FailureKind.FailedPrecondition, "COLLECTION_IS_ALIAS", $"collection: '{alias}' is an alias of '{collection}'.")
        {
            Field = "collection",
            Remedy = $"Delete '{collection}' itself, or only the alias with DeleteAlias (rag collections unalias {alias}).",
        };

    public static ServiceException ModelMissing() =>
        new(FailureKind.InvalidArgument, "MODEL_NOT_NAMED", "model: it is empty; what removes a model must name it.") { Field = "model" };

    public static ServiceException ModelInUse(string model, IReadOnlyList<string> collections) =>
        new(FailureKind.FailedPrecondition, "MODEL_IN_USE", $"model: '{model}' is used by {(collections.Count == 1 ? "the collection" : $"{collections.Count} collections:")} {string.Join(", ", collections.Take(MaxNamed))}{(collections.Count > MaxNamed ? ", ..." : "")}.")
        {
            Field = "model",
            Remedy = "Move them to another model first (rag collections rebuild NAME --model MODEL), or give --force: what needs it there then fails.",
        };

    public static ServiceException ContentTooLarge(int bytes, int limit) =>
        new(FailureKind.InvalidArgument, "CONTENT_TOO_LARGE", string.Create(CultureInfo.InvariantCulture, $"content: {bytes:N0} bytes in one message; the limit is {limit:N0}."))
        {
            Field = "content",
            Remedy = "Send it in smaller pieces with UploadDocument (or StageContent).",
        };
}
