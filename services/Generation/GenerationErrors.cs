using RagPlatform.Contracts;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Generation;

/// <summary>The closed set of failures callers can act on.</summary>
internal static class GenerationErrors
{
    public static ServiceException CollectionInvalid(string collection) =>
        Invalid("COLLECTION_INVALID", "collection", $"collection: '{Shown(collection)}' is no collection name; use {Names.NamePattern}.");

    public static ServiceException QuestionEmpty() =>
        Invalid("QUESTION_EMPTY", "question", "question: it is empty; ask something.");

    public static ServiceException QuestionTooLong(int characters, int limit) =>
        Invalid("QUESTION_TOO_LONG", "question", $"question: it has {characters} characters; at most {limit} are allowed.");

    public static ServiceException TopKOutOfRange(int topK, int limit) =>
        Invalid("TOP_K_OUT_OF_RANGE", "top_k", $"top_k: {topK} is out of range; use 1 to {limit}, or 0 for the default.");

    public static ServiceException ModelUnknown(string model, IEnumerable<string> known) =>
        Invalid("MODEL_UNKNOWN", "model", $"model: '{Shown(model)}' is not known here; use one of: {string.Join(", ", known)}.");

    public static ServiceException ModelNotConfigured(string model, string setting) =>
        new(FailureKind.FailedPrecondition, "MODEL_NOT_CONFIGURED", $"model: '{Shown(model)}' cannot answer: the setting {setting} is empty.")
        {
            Field = "model",
            Remedy = $"Set {setting} and restart, or ask with model '{ModelNames.Extractive}'.",
        };

    public static ServiceException EndpointUnreachable(Uri endpoint, Exception cause) =>
        Unavailable("MODEL_ENDPOINT_UNAVAILABLE", $"The model endpoint {Shown(endpoint)} cannot be reached.", cause);

    public static ServiceException EndpointFailed(Uri endpoint, int status, Exception cause) =>
        Unavailable("MODEL_ENDPOINT_UNAVAILABLE", $"The model endpoint {Shown(endpoint)} failed with HTTP status {status}.", cause);

    public static ServiceException EndpointBroken(Uri endpoint, string what, Exception? cause = null) =>
        Unavailable("MODEL_ENDPOINT_BROKEN", $"The model endpoint {Shown(endpoint)} {what}.", cause);

    public static ServiceException EndpointTimedOut(Uri endpoint, int seconds, Exception cause) =>
        Unavailable("MODEL_ENDPOINT_TIMED_OUT", $"The model endpoint {Shown(endpoint)} did not finish within {seconds} seconds (Generation:OpenAI:TimeoutSeconds).", cause);

    public static ServiceException EndpointBusy(Uri endpoint, TimeSpan retryDelay, Exception cause) =>
        new(FailureKind.ResourceExhausted, "MODEL_ENDPOINT_BUSY", $"The model endpoint {Shown(endpoint)} takes no more requests now (HTTP status 429).", cause)
        {
            Remedy = "Ask again later, or raise the endpoint's limit.",
            RetryDelay = retryDelay,
        };

    public static ServiceException EndpointRefused(Uri endpoint, int status, string setting, Exception cause) =>
        new(FailureKind.FailedPrecondition, "MODEL_ENDPOINT_REFUSED", $"The model endpoint {Shown(endpoint)} refused the request with HTTP status {status}; check the setting {setting}.", cause)
        {
            Remedy = $"Correct {setting} and restart.",
        };

    private static ServiceException Invalid(string code, string field, string message) =>
        new(FailureKind.InvalidArgument, code, message) { Field = field };

    private static ServiceException Unavailable(string code, string message, Exception? cause) =>
        new(FailureKind.Unavailable, code, message, cause)
        {
            Remedy = $"Check the endpoint (Generation:OpenAI:BaseUrl), or ask with model '{ModelNames.Extractive}'.",
            RetryDelay = TimeSpan.FromSeconds(5),
        };

    /// <summary>Without user info and query: either may hold a secret.</summary>
    private static string Shown(Uri endpoint) => endpoint.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private static string Shown(string value) => value.Length <= 80 ? value : value[..80] + "...";
}
