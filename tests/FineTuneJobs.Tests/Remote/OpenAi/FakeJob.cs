using System.Text.Json.Nodes;

namespace RagPlatform.FineTuneJobs.Tests.Remote.OpenAi;

/// <summary>A job of the fake's, in the documented form.</summary>
internal sealed class FakeJob(string id, JsonObject request, int number)
{
    public const long Epoch = 1_800_000_000;

    private int step;

    public string Id => id;

    public JsonObject Request => request;

    public string Status { get; set; } = "validating_files";

    public int Looks { get; set; }

    public JsonObject? Error { get; set; }

    public List<JsonObject> Events { get; } = [];

    public List<JsonObject> Checkpoints { get; } = [];

    public bool IsOver => Status is "succeeded" or "failed" or "cancelled";

    public void Say(string message, string level = "info") => Events.Add(new JsonObject
    {
        ["object"] = "fine_tuning.job.event", ["id"] = $"ftevent-{id}-{Events.Count}", ["created_at"] = Epoch + Events.Count, ["level"] = level, ["message"] = message, ["type"] = "message", ["data"] = new JsonObject(),
    });

    public void Measure(int steps)
    {
        step++;
        Events.Add(new JsonObject
        {
            ["object"] = "fine_tuning.job.event", ["id"] = $"ftevent-{id}-{Events.Count}", ["created_at"] = Epoch + Events.Count, ["level"] = "info", ["message"] = $"Step {step}/{steps}: training loss={2.0 / step}",
            ["type"] = "metrics", ["data"] = new JsonObject { ["step"] = step, ["total_steps"] = steps, ["train_loss"] = 2.0 / step, ["train_mean_token_accuracy"] = 0.5, ["valid_loss"] = 2.5 / step },
        });
    }

    public void Succeed()
    {
        Status = "succeeded";
        Checkpoints.Add(new JsonObject
        {
            ["object"] = "fine_tuning.job.checkpoint", ["id"] = $"ftckpt-{id}", ["created_at"] = Epoch + 900, ["fine_tuned_model_checkpoint"] = $"{Model}:ckpt-step-{step}", ["fine_tuning_job_id"] = id,
            ["step_number"] = step, ["metrics"] = new JsonObject { ["step"] = step, ["full_valid_loss"] = 0.5, ["full_valid_mean_token_accuracy"] = 0.9 },
        });
        Say("The job has successfully completed");
    }

    public JsonObject Describe() => new()
    {
        ["object"] = "fine_tuning.job", ["id"] = id, ["model"] = request["model"]!.DeepClone(), ["created_at"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - (60 * number),
        ["finished_at"] = IsOver ? Epoch + 1000 : null, ["fine_tuned_model"] = Status == "succeeded" ? Model : null, ["organization_id"] = "org-test",
        ["result_files"] = new JsonArray(), ["status"] = Status, ["validation_file"] = request["validation_file"]?.DeepClone(), ["training_file"] = request["training_file"]!.DeepClone(),
        ["hyperparameters"] = HyperParameters(), ["trained_tokens"] = Status == "succeeded" ? 5768 : null, ["error"] = Error?.DeepClone() ?? new JsonObject { ["code"] = null, ["message"] = null, ["param"] = null },
        ["user_provided_suffix"] = request["suffix"]?.DeepClone(), ["seed"] = request["seed"]!.DeepClone(), ["estimated_finish"] = Status == "running" ? Epoch + 2000 : null, ["integrations"] = new JsonArray(),
        ["method"] = new JsonObject { ["type"] = "supervised", ["supervised"] = new JsonObject { ["hyperparameters"] = HyperParameters() } }, ["metadata"] = request["metadata"]!.DeepClone(),
    };

    private string Model => $"ft:{request["model"]}:org-test:{request["suffix"]}:{id[^8..]}";

    private JsonObject HyperParameters() => Status is "running" or "succeeded"
        ? new() { ["n_epochs"] = 3, ["batch_size"] = 1, ["learning_rate_multiplier"] = 1.8 }
        : request["method"]!["supervised"]!["hyperparameters"]!.DeepClone().AsObject();
}
