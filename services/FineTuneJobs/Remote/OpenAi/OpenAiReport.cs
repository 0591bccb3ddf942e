using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>Tells what happens to a job there in our own terms.</summary>
internal sealed class OpenAiReport(IJobProgress progress, TimeProvider time)
{
    private static readonly Dictionary<string, string> Names = new(StringComparer.Ordinal)
    {
        ["train_loss"] = "train_loss",
        ["valid_loss"] = "validation_loss",
        ["full_valid_loss"] = "full_validation_loss",
        ["train_mean_token_accuracy"] = "train_accuracy",
        ["valid_mean_token_accuracy"] = "validation_accuracy",
        ["full_valid_mean_token_accuracy"] = "full_validation_accuracy",
    };

    private JobProgress now = new();
    private IReadOnlyDictionary<string, string> resolved = new Dictionary<string, string>();

    /// <param name="job">As it is now.</param>
    /// <param name="events">Since the last call, oldest first.</param>
    public void Tell(RemoteJob job, IReadOnlyList<RemoteEvent> events)
    {
        foreach (var happened in events)
        {
            if (happened.Metrics.TryGetValue("step", out var step))
            {
                Tell((long)step, happened.Metrics);
            }
            else if (happened.Message.Length > 0)
            {
                progress.Said(happened.Level, happened.Message);
            }
        }

        progress.Progressed(now = now with
        {
            Tokens = job.TrainedTokens,
            SecondsLeft = job.SecondsLeft,
            Phase = job.Status switch { "validating_files" or "queued" => "loading", _ => "training" },
        });
        if (job.HyperParameters.Count > 0 && job.HyperParameters.Values.All(value => value != HyperParameter.Auto) && resolved.Count == 0)
        {
            progress.Resolved(resolved = job.HyperParameters);
        }
    }

    /// <param name="checkpoints">By step; OpenAI keeps the last three.</param>
    public void Tell(IReadOnlyList<RemoteCheckpoint> checkpoints)
    {
        var best = checkpoints.Where(checkpoint => checkpoint.ValidationLoss is not null).MinBy(checkpoint => checkpoint.ValidationLoss);
        foreach (var checkpoint in checkpoints)
        {
            progress.Kept(new JobCheckpoint(
                checkpoint.Step, checkpoint.CreatedAt > DateTimeOffset.UnixEpoch ? checkpoint.CreatedAt : time.GetUtcNow(), checkpoint.ValidationLoss, checkpoint == best, 0, checkpoint.Model));
        }
    }

    /// <summary>What they measured on the validation file: the test part never leaves this machine.</summary>
    public static IReadOnlyList<EvaluationRow> Rows(IReadOnlyList<RemoteCheckpoint> checkpoints)
    {
        var metrics = new Dictionary<string, double>(StringComparer.Ordinal);
        if (checkpoints is [.., var last])
        {
            if (last.ValidationLoss is { } loss)
            {
                (metrics["validation_loss"], metrics["perplexity"]) = (loss, Math.Exp(loss));
            }

            if (last.ValidationAccuracy is { } accuracy)
            {
                metrics["token_accuracy"] = accuracy;
            }
        }

        return metrics.Count == 0 ? [] : [new EvaluationRow("adapter", metrics)];
    }

    private void Tell(long step, IReadOnlyDictionary<string, double> metrics)
    {
        foreach (var (name, value) in metrics)
        {
            if (Names.TryGetValue(name, out var ours) && double.IsFinite(value))
            {
                progress.Measured(step, ours, value);
            }
        }

        now = now with
        {
            Step = step,
            Steps = metrics.TryGetValue("total_steps", out var steps) ? (long)steps : now.Steps,
            Loss = metrics.GetValueOrDefault("train_loss", now.Loss),
            ValidationLoss = metrics.TryGetValue("full_valid_loss", out var full) ? full : metrics.GetValueOrDefault("valid_loss", now.ValidationLoss),
        };
    }
}
