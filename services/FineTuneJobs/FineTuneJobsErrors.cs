using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.FineTuneJobs;

/// <summary>The closed set of failures that callers of datasets and jobs can act on.</summary>
public static class FineTuneJobsErrors
{
    /// <summary>A caller's value as a message may quote it: its first 80 characters.</summary>
    public static string Shorten(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return value.Length <= 80 ? value : string.Concat(value.AsSpan(0, 80), "…");
    }

    public static ServiceException Invalid(string field, string problem, string remedy) =>
        new(FailureKind.InvalidArgument, "INVALID_FIELD", $"{field}: {problem}") { Field = field, Remedy = remedy };

    public static ServiceException InvalidPageToken() =>
        Invalid("page_token", "it is not one that this service gave out.", "Pass next_page_token of the page before unchanged, or leave it out for the first page.");

    public static ServiceException UploadOutOfOrder(string problem) =>
        new(FailureKind.InvalidArgument, "UPLOAD_OUT_OF_ORDER", $"part: {problem}") { Field = "part", Remedy = "Send the header first and once, then the content in pieces." };

    public static ServiceException DatasetEmpty() =>
        new(FailureKind.InvalidArgument, "DATASET_EMPTY", "content: it has 0 bytes; at least 1 is needed.") { Field = "content", Remedy = "Send a file of JSON Lines: one example on each line." };

    public static ServiceException DatasetTooLarge(long bytes, int limitMebibytes) =>
        new(FailureKind.InvalidArgument, "DATASET_TOO_LARGE", $"content: {bytes} bytes so far; the limit is {limitMebibytes} MiB.")
        {
            Field = "content",
            Remedy = "Leave examples out, or raise FineTuneJobs:MaxDatasetMebibytes.",
        };

    public static ServiceException DatasetsFull(long bytes, long heldBytes, int limitMebibytes) =>
        new(FailureKind.ResourceExhausted, "DATASETS_FULL", $"content: {bytes} bytes beside the {heldBytes} that the tenant keeps; the limit is {limitMebibytes} MiB.")
        {
            Field = "content",
            Remedy = "Delete datasets that no job needs, or raise FineTuneJobs:DatasetMebibytesPerTenant.",
        };

    public static ServiceException DatasetNotWritten(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new(FailureKind.Unavailable, "DATASET_NOT_WRITTEN", $"content: it cannot be written to the disk: {cause.Message}", cause)
        {
            Field = "content",
            Remedy = "Check the disk under Data:Directory for space and rights; then upload again: nothing of it was kept.",
            RetryDelay = TimeSpan.FromSeconds(30),
        };
    }

    public static ServiceException DatasetNotFound(string field, string id) =>
        new(FailureKind.NotFound, "DATASET_NOT_FOUND", $"{field}: there is no dataset '{Shorten(id)}'.") { Field = field, Remedy = "Upload it, or list the datasets to see their ids." };

    public static ServiceException DatasetInUse(string id, string job) =>
        new(FailureKind.FailedPrecondition, "DATASET_IN_USE", $"id: '{id}' is needed by the job {job}, which is not over.") { Field = "id", Remedy = "Wait for the job, or cancel it." };

    public static ServiceException ModelNotFound(string field, string model) =>
        new(FailureKind.NotFound, "MODEL_NOT_FOUND", $"{field}: there is no model '{Shorten(model)}' in the folder of models.")
        {
            Field = field,
            Remedy = "Pull it with rag models pull, or put its folder, in Hugging Face layout, into FineTuneJobs:ModelsDirectory.",
        };

    public static ServiceException ModelUnreadable(string model, Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new(FailureKind.FailedPrecondition, "MODEL_UNREADABLE", $"base_model: '{model}' cannot be read: {cause.Message}", cause) { Field = "base_model", Remedy = "Pull it again, or take another one." };
    }

    public static ServiceException CommandNotFound(string command, IEnumerable<string> known) =>
        new(FailureKind.NotFound, "COMMAND_NOT_FOUND", $"command: '{Shorten(command)}' is not configured; there are: {string.Join(", ", known.DefaultIfEmpty("none"))}.")
        {
            Field = "command",
            Remedy = "Name one of them, or add FineTuneJobs:Commands:NAME (docs/guides/training-protocol.md).",
        };

    public static ServiceException MethodNotOffered(string method) =>
        new(FailureKind.InvalidArgument, "METHOD_NOT_OFFERED", $"method: {method} is not offered by this service.")
        {
            Field = "method",
            Remedy = method switch
            {
                "openai" => "Set FineTuneJobs:OpenAi:ApiKey and start the service again, or use another method.",
                "command" => "Configure FineTuneJobs:Commands:NAME (docs/guides/training-protocol.md) and start the service again, or use another method.",
                _ => "Use another method.",
            },
        };

    public static ServiceException JobNotFound(string id) =>
        new(FailureKind.NotFound, "JOB_NOT_FOUND", $"id: there is no job '{Shorten(id)}'.") { Field = "id", Remedy = "List the jobs (rag finetune jobs) to see their ids." };

    public static ServiceException JobState(string id, JobState state, string wish, string remedy) =>
        new(FailureKind.FailedPrecondition, "JOB_STATE", $"id: {id} is {state.Name()}; it cannot be {wish}.") { Field = "id", Remedy = remedy };

    public static ServiceException RequestIdTaken(string requestId, string job) =>
        new(FailureKind.AlreadyExists, "REQUEST_ID_TAKEN", $"request_id: '{requestId}' made the job {job}, which is another one.")
        {
            Field = "request_id",
            Remedy = "Give each job a request_id of its own; use the same one only to send the same job again.",
        };

    public static ServiceException TooManyJobs(long unfinished, int limit) =>
        new(FailureKind.ResourceExhausted, "TOO_MANY_JOBS", $"The tenant has {unfinished} jobs that are not over; the limit is {limit}.")
        {
            Remedy = "Wait for jobs or cancel some, or raise FineTuneJobs:MaxUnfinishedJobsPerTenant.",
            RetryDelay = TimeSpan.FromMinutes(1),
        };

    public static ServiceException RunCardMissing(string id, JobState state) =>
        new(FailureKind.FailedPrecondition, "RUN_CARD_MISSING", $"id: {id} is {state.Name()} and has not begun; the run card is written when training begins.")
        {
            Field = "id",
            Remedy = "Wait until the job runs.",
        };

    public static ServiceException RegistryUnavailable(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        return new(FailureKind.Unavailable, "REGISTRY_UNAVAILABLE", $"The registry of jobs cannot be written: {cause.Message}", cause)
        {
            Remedy = "Check the disk under Data:Directory for space and rights; then try again.",
            RetryDelay = TimeSpan.FromSeconds(2),
        };
    }
}
