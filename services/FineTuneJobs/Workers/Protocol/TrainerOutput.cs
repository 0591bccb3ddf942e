using System.Text.Encodings.Web;
using System.Text.Json;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Workers.Protocol;

/// <summary>Writes the lines of a built-in trainer. Thread-safe; each line leaves at once.</summary>
internal sealed class TrainerOutput(Stream output)
{
    private static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Lock _lock = new();

    public void Progressed(JobProgress progress) =>
        Write(new
        {
            type = "progress", progress.Step, progress.Steps, progress.Epoch, progress.Tokens, TokensPerSecond = Finite(progress.TokensPerSecond), SecondsLeft = Finite(progress.SecondsLeft),
            Loss = Finite(progress.Loss), ValidationLoss = Finite(progress.ValidationLoss), progress.Phase,
        });

    public void Measured(long step, string name, double value)
    {
        if (double.IsFinite(value))
        {
            Write(new { type = "metric", step, name, value });
        }
    }

    public void Kept(long step, string path, double? validationLoss, bool isBest) => Write(new { type = "checkpoint", step, path, validationLoss, isBest });

    public void Said(string level, string message) => Write(new { type = "event", level, message = Bounded(message) });

    public void Used(IReadOnlyDictionary<string, string> facts) => Write(new { type = "used", facts });

    public void Paused() => Write(new { type = "paused" });

    public void Failed(JobFailure failure) => Write(new { type = "failure", failure.Code, Problem = Bounded(failure.Problem), Remedy = Bounded(failure.Remedy) });

    public void Succeeded(string folder, IReadOnlyDictionary<string, string> hyperParameters, IReadOnlyList<EvaluationRow> rows) =>
        Write(new
        {
            type = "result", folder, hyperParameters,
            rows = rows.Select(row => new { row.System, metrics = row.Metrics.Where(metric => double.IsFinite(metric.Value)).ToDictionary() }),
        });

    /// <summary>A line that another program wrote.</summary>
    public void Relay(ReadOnlySpan<byte> line)
    {
        lock (_lock)
        {
            output.Write(line);
            output.WriteByte((byte)'\n');
            output.Flush();
        }
    }

    /// <summary>What is longer the service would take for a broken line.</summary>
    private static string Bounded(string text) => text.Length <= TrainerLines.MaxTextCharacters ? text : text[..TrainerLines.MaxTextCharacters];

    private static double Finite(double value) => double.IsFinite(value) ? value : 0;

    private void Write<T>(T line) => Relay(JsonSerializer.SerializeToUtf8Bytes(line, Json));
}
