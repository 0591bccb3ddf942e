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
            Remedy = "Use a known model, or pull it: rag models pull OWNER/REPOSITORY",
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
            Remedy = "Try again when one of them has not been used for a minute, or raise Embedding:MaxLoadedModels.",
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

    public static ServiceException ModelIncomplete(string id, string problem) =>
        new(FailureKind.FailedPrecondition, "MODEL_INCOMPLETE", $"model: the folder of '{id}' holds no whole model: {problem}")
        {
            Field = "model",
            Remedy = $"Complete it, or remove it and pull it again: rag models remove {id}",
        };

    public static ServiceException ModelIsDefault(string id) =>
        new(FailureKind.FailedPrecondition, "MODEL_IS_DEFAULT", $"model: '{id}' is the default model, and is not removed.")
        {
            Field = "model",
            Remedy = "Set Embedding:Model to another one first.",
        };

    public static ServiceException StoreFailed(string message) =>
        new(FailureKind.FailedPrecondition, "MODELS_DIRECTORY", message) { Remedy = "Then try again." };

    public static ServiceException TooManyPulls(string id, int limit) =>
        new(FailureKind.ResourceExhausted, "PULL_LIMIT", $"model: {limit} models are being pulled, which is the limit, so '{id}' is not begun.")
        {
            Field = "model",
            Remedy = "Wait for one of them: rag models list",
            RetryDelay = FailedDelay,
        };

    public static ServiceException PullUnderWay(string id) =>
        new(FailureKind.FailedPrecondition, "PULL_UNDER_WAY", $"name: '{id}' is being pulled from another source or revision.")
        {
            Field = "name",
            Remedy = $"Wait for it, end it with rag models remove {id}, or give another name (--as).",
        };

    public static ServiceException SourceInvalid(string source, string revision) =>
        new(FailureKind.InvalidArgument, "SOURCE_INVALID", $"source: '{source}'{(revision.Length > 0 ? $" with the revision '{revision}'" : "")} is neither \"hub:OWNER/REPOSITORY\" nor \"folder:ABSOLUTE_PATH\" without a revision.")
        {
            Field = "source",
            Remedy = "rag models pull OWNER/REPOSITORY[@REVISION], or rag models pull --from FOLDER.",
        };

    public static ServiceException RevisionInvalid(string revision) =>
        new(FailureKind.InvalidArgument, "REVISION_INVALID", $"revision: '{revision}' is no branch, tag or commit: 1 to 128 of A-Z, a-z, 0-9, \".\", \"_\", \"/\" and \"-\".")
        {
            Field = "revision",
            Remedy = "Leave it out for the main branch.",
        };

    public static ServiceException NameInvalid(string name) =>
        new(FailureKind.InvalidArgument, "NAME_INVALID", $"name: '{name}' must be {Models.ModelNames.IdRule}.")
        {
            Field = "name",
            Remedy = "Give a name: --as NAME",
        };

    public static ServiceException NameTaken(string name, string by) =>
        new(FailureKind.AlreadyExists, "NAME_TAKEN", $"name: '{name}' is already the name of {by}.")
        {
            Field = "name",
            Remedy = $"Give another name (--as NAME), or remove that one first: rag models remove {name}",
        };

    public static ServiceException NotDistillable(string model, string reason) =>
        new(FailureKind.FailedPrecondition, "NOT_DISTILLABLE", $"model: '{model}' cannot be distilled: {reason}.")
        {
            Field = "model",
            Remedy = "Name an encoder whose files are on this machine (rag models list).",
        };

    public static ServiceException DistillUnderWay() =>
        new(FailureKind.ResourceExhausted, "DISTILL_UNDER_WAY", "A model is being distilled already; one at a time is.")
        {
            Remedy = "Try again when it has ended.",
            RetryDelay = FailedDelay,
        };

    public static ServiceException NoPassages() =>
        new(FailureKind.InvalidArgument, "NO_PASSAGES", "passages: none was sent that has a word; a model is distilled to fit passages.")
        {
            Field = "passages",
            Remedy = "Name a collection with indexed documents.",
        };

    public static ServiceException TooManyPassages(int limit) =>
        new(FailureKind.InvalidArgument, "TOO_MANY_PASSAGES", $"passages: more than {limit} were sent, which is the limit of a sample.")
        {
            Field = "passages",
            Remedy = "Send a random part of them.",
        };

    public static ServiceException PinnedElsewhere(string name, string version, string source) =>
        new(FailureKind.AlreadyExists, "PINNED_ELSEWHERE", $"revision: '{name}' is pinned to {version}, and {source} is another.")
        {
            Field = "revision",
            Remedy = $"Keep both with another name (--as NAME), or remove the old one first: rag models remove {name}",
        };

    public static ServiceException NotPinned(string source, string reason) =>
        new(FailureKind.FailedPrecondition, "NO_MODEL", $"source: {source} is not pulled: {reason.TrimEnd('.')}.")
        {
            Field = "source",
            Remedy = "docs/guides/models.md says which models can be used.",
        };

    public static ServiceException HubOff() =>
        new(FailureKind.FailedPrecondition, "HUB_OFF", "source: the hub is left out, for Embedding:HubAddress is empty.")
        {
            Field = "source",
            Remedy = "Set it, or pull from a folder: rag models pull --from FOLDER",
        };

    public static ServiceException FoldersOff() =>
        new(FailureKind.PermissionDenied, "FOLDERS_OFF", "source: folders of the embedding service's machine are not read, for Embedding:AllowFolders is false.")
        {
            Field = "source",
            Remedy = "Set it to true, or copy the folder into the models directory.",
        };

    public static ServiceException HubFailed(string message) =>
        new(FailureKind.Unavailable, "HUB_FAILED", message)
        {
            Remedy = "Try again later; or fetch the model elsewhere and pull its folder: rag models pull --from FOLDER",
            RetryDelay = FailedDelay,
        };

    public static ServiceException HubNotFound(string answered, string code, string page) =>
        new(FailureKind.NotFound, "HUB_NOT_FOUND", $"{answered}{(code.Length > 0 ? $" ({code})" : "")}.")
        {
            Field = "source",
            Remedy = $"Look at {page} for the repository's name and its revisions.",
        };

    public static ServiceException HubGated(string answered, string page, bool hasToken) =>
        new(FailureKind.FailedPrecondition, "HUB_GATED", $"{answered}: the repository is gated.")
        {
            Field = "source",
            Remedy = $"Accept its conditions at {page} with your account{(hasToken ? ", the one whose token this is" : $", then {TokenRemedy}")}.",
        };

    public static ServiceException HubUnauthorized(string answered, string page, bool hasToken) =>
        new(FailureKind.FailedPrecondition, "HUB_UNAUTHORIZED", $"{answered}: {(hasToken ? "the token may not read it" : "it is private, or does not exist")}.")
        {
            Field = "source",
            Remedy = hasToken ? $"Check HF_TOKEN, and the name at {page}." : $"Check the name at {page}; for a private one {TokenRemedy}.",
        };

    private const string TokenRemedy = "set HF_TOKEN (or Embedding:HubToken) where the embedding service runs, and restart it";
}
