namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>Why jobs fail that no trainer failed: with the trainers' own codes, the closed set.</summary>
public static class JobFailures
{
    public static JobFailure DatasetInvalid(long errors, string firstProblem) => new(
        "DATASET_INVALID", errors == 1 ? $"The data has an error: {firstProblem}" : $"The data has {errors} errors; the first: {firstProblem}", "Mend the lines that ValidateDataset (rag finetune validate) names, upload the file again and make a new job.");

    public static JobFailure DatasetMissing(string id) => new("DATASET_MISSING", $"The dataset {id} is gone.", "Upload it again and make a new job.");

    public static JobFailure ModelMissing(string model) => new("MODEL_MISSING", $"The base model {model} is gone.", "Pull it again (rag models pull), then resume the job or make a new one.");

    public static JobFailure CollectionEmpty(string collection) => new(
        "COLLECTION_EMPTY", $"The collection {collection} has no indexed document to mine negatives from.", "Ingest documents into it, then resume the job; or leave the collection out.");

    public static JobFailure NothingToTrain(string problem) => new("NOTHING_TO_TRAIN", problem, "Add examples, or take smaller shares for validation and test.");

    public static JobFailure WorkerDied(int deaths, string reason) => new(
        "WORKER_DIED", $"{deaths} workers ended one after another with no checkpoint in between; the last: {reason}",
        "Look at the job's events. If memory is short, take a smaller batch_size or model; then resume the job.");

    public static JobFailure Unexpected(string reason) => new("UNEXPECTED", reason, "Look at the service's log; then resume the job.");

    public static JobFailure TimedOut(double hours, string setting) => new(
        "TIMED_OUT", $"The job ran for {hours:0.##} hours, which is its limit.", $"Train fewer epochs, or raise {setting} and resume the job.");

    public static JobFailure ProtocolBroken(string problem) => new(
        "PROTOCOL_BROKEN", $"The trainer broke the protocol: {problem}", "Mend the trainer: docs/guides/training-protocol.md.");

    public static JobFailure CommandUnusable(string problem) => new("COMMAND_UNUSABLE", problem, "Mend FineTuneJobs:Commands; then resume the job.");
}
