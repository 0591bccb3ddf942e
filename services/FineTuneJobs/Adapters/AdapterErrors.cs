using RagPlatform.FineTuneJobs.Adapters.Gates;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>The closed set of failures of adapters that callers can act on.</summary>
internal static class AdapterErrors
{
    public const int MaxReasonCharacters = 1000;

    public static ServiceException ReferenceInvalid(string field, string text) =>
        Invalid("ADAPTER_REFERENCE_INVALID", field, $"'{Shown(text)}' names no adapter.", "Give an id (adapter- and 24 hex digits), NAME (project/suffix) or NAME:VERSION.");

    public static ServiceException NameInvalid(string field, string text) =>
        Invalid("ADAPTER_NAME_INVALID", field, $"'{Shown(text)}' is no adapter's name.", "Give PROJECT/SUFFIX, as ListAdapters (rag finetune adapters) shows it.");

    public static ServiceException Unknown(string field, string reference) =>
        new(FailureKind.NotFound, "ADAPTER_UNKNOWN", $"{field}: there is no adapter '{Shown(reference)}'.") { Field = field, Remedy = "List what there is: ListAdapters (rag finetune adapters)." };

    public static ServiceException NothingPromoted(string field, string name) =>
        new(FailureKind.FailedPrecondition, "NOTHING_PROMOTED", $"{field}: no adapter of the name '{name}' is promoted.")
        {
            Field = field,
            Remedy = "Promote one that the gate has passed, or name one by its id or as NAME:VERSION.",
        };

    public static ServiceException GateNotPassed(Adapter adapter) =>
        new(FailureKind.FailedPrecondition, "GATE_NOT_PASSED", $"id: adapter {Shown(adapter)} has not passed its gate: {Failed(adapter.Gate)}")
        {
            Field = "id",
            Remedy = "Train on more or better data; or, where a limit is wrong for this project, set it (SetGate, rag finetune gate --set) and judge the adapter again (EvaluateAdapter without a dataset, rag finetune eval).",
        };

    public static ServiceException IsRetired(Adapter adapter) =>
        new(FailureKind.FailedPrecondition, "ADAPTER_RETIRED", $"id: adapter {Shown(adapter)} is retired and serves no more.") { Field = "id", Remedy = "Train another." };

    public static ServiceException IsPromoted(Adapter adapter) =>
        new(FailureKind.FailedPrecondition, "ADAPTER_PROMOTED", $"id: adapter {Shown(adapter)} is promoted.") { Field = "id", Remedy = "Promote another of its name, roll back, or retire it first." };

    public static ServiceException NothingBefore(string name) =>
        new(FailureKind.FailedPrecondition, "NOTHING_TO_ROLL_BACK_TO", $"name: no adapter of '{name}' that can serve was promoted before the present one.")
        {
            Field = "name",
            Remedy = "Promote the one that is wanted.",
        };

    public static ServiceException ServedElsewhere(Adapter adapter, string where) =>
        new(FailureKind.FailedPrecondition, "SERVED_ELSEWHERE", $"adapter: {Shown(adapter)} is a {adapter.Method}, which makes no predictions here.") { Field = "adapter", Remedy = where };

    public static ServiceException CannotLoad(Adapter adapter, string problem, Exception? cause = null) =>
        new(FailureKind.FailedPrecondition, "ADAPTER_BROKEN", $"adapter: {Shown(adapter)} cannot be loaded: {problem}", cause)
        {
            Field = "adapter",
            Remedy = "Restore its folder from a backup, roll back to another version, or train it again.",
        };

    public static ServiceException Busy(int limit, TimeSpan delay) =>
        new(FailureKind.ResourceExhausted, "PREDICTIONS_BUSY", $"{limit} predictions wait already, which is the limit (FineTuneJobs:Serving:MaxWaiting).")
        {
            Remedy = "Ask again after the delay, or send several texts in one request.",
            RetryDelay = delay,
        };

    public static ServiceException MemoryFull(long neededBytes, long limitBytes, TimeSpan delay) =>
        new(FailureKind.ResourceExhausted, "ADAPTER_MEMORY_FULL", $"The adapter needs {neededBytes:N0} bytes; {limitBytes:N0} are allowed (FineTuneJobs:Serving:MaxLoadedBytes), and all others are in use.")
        {
            Remedy = "Ask again after the delay, or raise the limit.",
            RetryDelay = delay,
        };

    public static ServiceException RegistryUnavailable(Exception cause) =>
        new(FailureKind.Unavailable, "REGISTRY_UNAVAILABLE", "The registry of adapters cannot be written at the moment.", cause)
        {
            Remedy = "Free space on its disk, or see the service's log.",
            RetryDelay = TimeSpan.FromSeconds(5),
        };

    public static ServiceException CannotDelete(Adapter adapter, Exception cause) =>
        new(FailureKind.Unavailable, "ADAPTER_NOT_DELETED", $"id: the files of adapter {Shown(adapter)} cannot be deleted now, and it serves no more: {cause.Message}", cause)
        {
            Field = "id",
            Remedy = "Give the right to delete in FineTuneJobs:Adapters:Directory and ModelsDirectory, then delete it again.",
        };

    public static ServiceException TooLarge(Adapter adapter, long neededBytes, long limitBytes) =>
        new(FailureKind.FailedPrecondition, "ADAPTER_TOO_LARGE", $"adapter: {Shown(adapter)} needs {neededBytes:N0} bytes with its base; {limitBytes:N0} are allowed in memory (FineTuneJobs:Serving:MaxLoadedBytes).")
        {
            Field = "adapter",
            Remedy = "Raise FineTuneJobs:Serving:MaxLoadedBytes.",
        };

    public static ServiceException CannotPublish(Adapter adapter, string problem, Exception cause) =>
        new(FailureKind.FailedPrecondition, "MODEL_NOT_PUBLISHED", $"id: adapter {Shown(adapter)} could not be put into the models directory: {problem}", cause)
        {
            Field = "id",
            Remedy = "Free space or give the right to write there (FineTuneJobs:Adapters:ModelsDirectory), then promote again.",
        };

    public static ServiceException ModelNameTaken(Adapter adapter, string name) =>
        new(FailureKind.FailedPrecondition, "MODEL_NAME_TAKEN", $"id: adapter {Shown(adapter)} is to be the model '{name}', and the models directory has another of that name.")
        {
            Field = "id",
            Remedy = $"Remove the other model (rag models remove {name}), or train with another suffix.",
        };

    /// <exception cref="ServiceException">InvalidArgument.</exception>
    public static void CheckReason(string reason)
    {
        if (reason.Length > MaxReasonCharacters)
        {
            throw Invalid("REASON_TOO_LONG", "reason", $"it has {reason.Length} characters; at most {MaxReasonCharacters} are allowed.", "Shorten it.");
        }
    }

    public static ServiceException Invalid(string code, string field, string problem, string remedy) =>
        new(FailureKind.InvalidArgument, code, $"{field}: {problem}") { Field = field, Remedy = remedy };

    private static string Failed(GateReport? gate) =>
        gate is null ? "it was not judged yet." : string.Join(" ", gate.Checks.Where(check => !check.Passed).Select(check => $"{check.Name}: {check.Explanation}"));

    private static string Shown(Adapter adapter) => $"{adapter.Name}:{adapter.Version} ({adapter.Id})";

    private static string Shown(string value) => value.Length <= 80 ? value : value[..80] + "...";
}
