using System.Globalization;
using RagPlatform.Contracts;
using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding;

/// <summary>The closed set of failures callers can act on.</summary>
internal static class EmbeddingErrors
{
    private static readonly TimeSpan NotReadyDelay = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FailedDelay = TimeSpan.FromSeconds(30);

    public static ServiceException UnknownModel(string id, IEnumerable<string> known) =>
        new(FailureKind.NotFound, "MODEL_UNKNOWN", $"model: '{id}' is unknown. Known: {string.Join(", ", known)}.")
        {
            Field = "model",
            Remedy = "Use a known model, or put the model's folder into the models directory.",
        };

    public static ServiceException ModelMissing(string id) =>
        new(FailureKind.FailedPrecondition, "MODEL_MISSING", $"model: the files of '{id}' are not on this machine.")
        {
            Field = "model",
            Remedy = $"Pull it first: rag models pull {id}",
        };

    public static ServiceException OtherKind(string id, ModelKind kind, string problem, string needed) =>
        new(FailureKind.FailedPrecondition, "MODEL_KIND", $"model: '{id}' is of kind {kind.ToString().ToLowerInvariant()}; it {problem}.")
        {
            Field = "model",
            Remedy = $"Name {needed}; rag models list tells the kinds.",
        };

    public static ServiceException TokenizerUnknown(string id) =>
        new(FailureKind.FailedPrecondition, "TOKENIZER_UNKNOWN", $"model: '{id}' is a provider's, which shows no tokenizer.")
        {
            Field = "model",
            Remedy = "Guess its tokens, as GetTokenizer's kind \"none\" asks for.",
        };

    public static ServiceException RerankModelMissing() =>
        new(FailureKind.InvalidArgument, "MODEL_EMPTY", "model: it is empty, and no reranker is the default.")
        {
            Field = "model",
            Remedy = "Name a reranker; rag models list tells which are here.",
        };

    public static ServiceException ModelNotReady(string id, string status) =>
        new(FailureKind.Unavailable, "MODEL_NOT_READY", $"The model '{id}' is not ready yet: {status}.")
        {
            Remedy = "Try again shortly.",
            RetryDelay = NotReadyDelay,
        };

    public static ServiceException ModelFailed(string id, string reason) =>
        new(FailureKind.Unavailable, "MODEL_FAILED", $"The model '{id}' cannot be used. {reason}")
        {
            Remedy = $"Remove the cause, then: rag models pull {id}",
            RetryDelay = FailedDelay,
        };

    public static ServiceException TooManyModels(string id, int limit) =>
        new(FailureKind.ResourceExhausted, "MODEL_LIMIT", $"model: '{id}' would be one more than the {limit} models kept in memory.")
        {
            Field = "model",
            Remedy = "Raise Embedding:MaxLoadedModels, or use a model that is loaded.",
        };

    public static ServiceException QueueFull(int texts, int tokens, QueueState state, EmbeddingOptions options, TimeSpan retryDelay) =>
        new(
            FailureKind.ResourceExhausted,
            "QUEUE_FULL",
            string.Create(
                CultureInfo.InvariantCulture,
                $"texts: {state.WaitingInputs} texts of {state.WaitingTokens} tokens are waiting, so {texts} more of {tokens} tokens would exceed the {options.QueueCapacityTexts} texts or the {options.QueueCapacityTokens} tokens that may."))
        {
            Remedy = "Try again after the retry delay, or raise Embedding:QueueCapacityTexts or Embedding:QueueCapacityTokens.",
            RetryDelay = retryDelay,
        };

    public static ServiceException BatchTooLarge(int tokens, int capacityTokens) =>
        new(
            FailureKind.InvalidArgument,
            "BATCH_TOO_LARGE",
            string.Create(CultureInfo.InvariantCulture, $"texts: they have {tokens} tokens; at most {capacityTokens} may wait for a model."))
        {
            Field = "texts",
            Remedy = "Split them over several requests, or raise Embedding:QueueCapacityTokens.",
        };

    public static ServiceException TooManyStreams(int limit) =>
        new(FailureKind.ResourceExhausted, "STREAM_LIMIT", $"{limit} streams are open, which is as many as may be.")
        {
            Remedy = "Try again when one has ended, or raise Embedding:MaxStreams.",
            RetryDelay = NotReadyDelay,
        };

    public static ServiceException StreamFieldRepeated(string field, string value, int number) =>
        new(FailureKind.InvalidArgument, "STREAM_FIELD_REPEATED", $"{field}: '{value}' is given in request {number} of the stream; only the first one says it.")
        {
            Field = field,
            Remedy = "Leave it out, or open another stream.",
        };

    public static ServiceException Stopping() =>
        new(FailureKind.Unavailable, "STOPPING", "The embedding service is stopping.") { RetryDelay = NotReadyDelay };

    public static ServiceException BatchInvalid(DocumentKey? document, long version, int batchIndex, string problem) =>
        new(FailureKind.InvalidArgument, "BATCH_INVALID", $"Batch {batchIndex} of {document} version {version} is not embedded: {problem}")
        {
            Remedy = "This is a fault of the sender; fix it and send the document again.",
        };

    public static ServiceException KindMissing(int kind) =>
        new(FailureKind.InvalidArgument, "KIND_INVALID", $"kind: {kind} is not one of 1 (query) and 2 (passage).") { Field = "kind" };

    public static ServiceException TextCount(string field, int count) =>
        new(FailureKind.InvalidArgument, "TEXTS_COUNT", $"{field}: {count} texts; 1 to {EmbedLimits.MaxTexts} are allowed.")
        {
            Field = field,
            Remedy = "Split them over several requests.",
        };

    public static ServiceException TextLength(string field, int length) =>
        new(FailureKind.InvalidArgument, "TEXT_LENGTH", $"{field}: {length} characters; 1 to {EmbedLimits.MaxTextCharacters} are allowed.")
        {
            Field = field,
            Remedy = "Split the text into passages.",
        };

    public static ServiceException TextsAndPassages(int texts, int passages) =>
        new(FailureKind.InvalidArgument, "TEXTS_AND_PASSAGES", $"passages: {passages} are given beside {texts} texts; a request holds one or the other.")
        {
            Field = "passages",
            Remedy = "Send them in two requests.",
        };

    public static ServiceException PassagesAreNoQueries() =>
        new(FailureKind.InvalidArgument, "KIND_INVALID", "kind: passages are given, and the kind is not 2 (passage).")
        {
            Field = "kind",
            Remedy = "Set the kind to passage, or send texts.",
        };

    public static ServiceException HeadingCount(int index, int count) =>
        new(FailureKind.InvalidArgument, "HEADINGS_COUNT", $"passages[{index}].heading_path: {count} headings; at most {EmbedLimits.MaxHeadings} are allowed.")
        {
            Field = $"passages[{index}].heading_path",
            Remedy = "Leave out the outermost ones.",
        };
}
