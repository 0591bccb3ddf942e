using System.Globalization;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace RagPlatform.CommandLine.FineTuning;

/// <summary>A job while it runs: on a terminal its progress over a curve of the loss, else a line now and then.</summary>
internal static class JobDisplay
{
    private const int CurveWidth = 56;
    private const int CurveHeight = 6;
    private const int EventsShown = 3;

    /// <param name="session">Where it is shown.</param>
    /// <param name="history">That the work adds to.</param>
    /// <param name="work">Calls its argument whenever there is something new.</param>
    public static Task ShowAsync(Session session, JobHistory history, Func<Action, Task> work) =>
        session.ErrIsTerminal
            ? session.ErrorConsole.Live(new Text("Waiting for the job.")).StartAsync(live => work(() => live.UpdateTarget(Picture(history))))
            : session.ShowAsync("Waiting for the job.", report => work(() => report(Describe(history.Job!))));

    /// <summary>"running, training, step 120 of 900 (epoch 1.3), loss 0.412, 5,210 tokens/s, 2 min left".</summary>
    public static string Describe(Job job)
    {
        var parts = new List<string> { Name(job.State) };
        if (job.QueuePosition > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"number {job.QueuePosition} in the queue"));
        }

        if (job is { State: JobState.Running or JobState.Paused, Progress: { } progress })
        {
            if (progress.Phase.Length > 0)
            {
                parts.Add(progress.Phase);
            }

            if (progress.Step > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"step {progress.Step}{(progress.Steps > 0 ? $" of {progress.Steps}" : "")} (epoch {progress.Epoch:0.0}), loss {progress.Loss:0.000}"));
            }

            if (progress.TokensPerSecond > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{progress.TokensPerSecond:#,0} tokens/s"));
            }

            if (progress.SecondsLeft > 0)
            {
                parts.Add($"{ProgressLine.Duration(progress.SecondsLeft)} left");
            }
        }

        return string.Join(", ", parts);
    }

    /// <summary>"validating files".</summary>
    public static string Name(JobState state) =>
        string.Concat(state.ToString().Select((character, index) => index > 0 && char.IsUpper(character) ? $" {char.ToLowerInvariant(character)}" : $"{char.ToLowerInvariant(character)}"));

    private static Rows Picture(JobHistory history)
    {
        var lines = new List<IRenderable> { new Markup($"[bold]{Rendering.Escape(history.Job!.Id)}[/] {Rendering.Escape(Describe(history.Job))}") };
        lines.AddRange(LossCurve.Draw(history.Points("train_loss"), CurveWidth, CurveHeight).Select(line => new Text(line, new Style(Color.Aqua))));
        if (history.Points("validation_loss") is { Count: > 0 } validation)
        {
            lines.Add(new Markup($"[grey]validation[/] {string.Join("  ", validation.TakeLast(8).Select(point => point.Value.ToString("0.000", CultureInfo.InvariantCulture)))}"));
        }

        lines.AddRange(history.Events.TakeLast(EventsShown).Select(entry => new Markup($"[grey]{Rendering.Escape(Rendering.OneLine(entry.Message))}[/]")));
        return new Rows(lines);
    }
}
