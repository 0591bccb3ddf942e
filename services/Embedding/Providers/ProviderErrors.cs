using System.Globalization;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Providers;

/// <summary>The part of the service's closed set of failures that its providers add. None holds an API key.</summary>
internal static class ProviderErrors
{
    public static ServiceException KeyRefused(string provider, int status) =>
        new(FailureKind.FailedPrecondition, "PROVIDER_KEY_REFUSED", Invariant($"The provider '{provider}' refused the API key (HTTP {status})."))
        {
            Remedy = $"Set Embedding:Providers:{provider}:ApiKey to a key that may embed with this model.",
        };

    public static ServiceException NotFound(string provider, Uri endpoint, string model, string reason) =>
        new(FailureKind.FailedPrecondition, "PROVIDER_MODEL_UNKNOWN", $"The provider '{provider}' has no model '{model}', or no {endpoint}: {reason}")
        {
            Remedy = $"Check Embedding:Providers:{provider}:Model and BaseAddress; with Ollama, pull the model first.",
        };

    public static ServiceException Refused(string provider, int status, string reason) =>
        new(FailureKind.InvalidArgument, "PROVIDER_REFUSED", Invariant($"texts: the provider '{provider}' refused them (HTTP {status}): {reason}"))
        {
            Field = "texts",
            Remedy = $"Shorten the texts, or lower MaxTokens, BatchTexts or BatchTokens of Embedding:Providers:{provider}.",
        };

    public static ServiceException RateLimited(string provider, TimeSpan? retryAfter, string reason) =>
        new(FailureKind.ResourceExhausted, "PROVIDER_RATE_LIMIT", $"The provider '{provider}' takes no more for now (HTTP 429): {reason}")
        {
            Remedy = $"Try again after the retry delay, or lower Embedding:Providers:{provider}:MaxConcurrency.",
            RetryDelay = retryAfter ?? TimeSpan.FromSeconds(5),
        };

    public static ServiceException Unavailable(string provider, Uri endpoint, string reason, TimeSpan? retryAfter = null, Exception? cause = null) =>
        new(FailureKind.Unavailable, "PROVIDER_UNAVAILABLE", $"The provider '{provider}' ({endpoint}) does not answer: {reason}", cause)
        {
            Remedy = "Try again shortly; if it stays so, check that the provider runs and can be reached from this machine.",
            RetryDelay = retryAfter ?? TimeSpan.FromSeconds(5),
        };

    public static ServiceException AnswerInvalid(string provider, string problem) =>
        new(FailureKind.FailedPrecondition, "PROVIDER_ANSWER_INVALID", $"The provider '{provider}' gave an answer that cannot be used: {problem}")
        {
            Remedy = $"Check that Embedding:Providers:{provider} names an OpenAI-compatible endpoint and an embedding model.",
        };

    public static ServiceException OtherDimension(string provider, int dimension, int expected) =>
        new(FailureKind.FailedPrecondition, "PROVIDER_DIMENSION", Invariant($"The provider '{provider}' gave vectors of {dimension} dimensions, not of {expected}: it is another model than before."))
        {
            Remedy = $"Set Embedding:Providers:{provider}:Dimension and Model to what the provider serves, and build collections of this model anew.",
        };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
