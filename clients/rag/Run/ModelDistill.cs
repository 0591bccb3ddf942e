using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Run;

/// <summary>Has the platform make a static model, and says how far it is.</summary>
internal static class ModelDistill
{
    /// <summary>Before, the rest would be a guess.</summary>
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(2);

    /// <param name="client">The platform.</param>
    /// <param name="distillation">What to make.</param>
    /// <param name="report">Takes a line whenever something changes.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    public static async Task RunAsync(RagClient client, ModelDistillation distillation, Action<string> report, TimeProvider time, CancellationToken cancellationToken)
    {
        var (step, begin) = ("", time.GetTimestamp());
        await foreach (var progress in client.DistillModelAsync(distillation, cancellationToken))
        {
            if (progress.Step != step)
            {
                (step, begin) = (progress.Step, time.GetTimestamp());
            }

            report($"{distillation.Name}: {Describe(progress, time.GetElapsedTime(begin))}");
        }
    }

    /// <summary>"embedding 3,000 of 20,000, about 40 s left in this step".</summary>
    /// <param name="progress">How far it is.</param>
    /// <param name="elapsed">Since the step began.</param>
    public static string Describe(DistillProgress progress, TimeSpan elapsed)
    {
        if (progress.Total <= 1)
        {
            return progress.Step;
        }

        var far = string.Create(CultureInfo.InvariantCulture, $"{progress.Step} {progress.Done:#,0} of {progress.Total:#,0}");
        return elapsed < ShortestSpan || progress.Done == 0 || progress.Done >= progress.Total
            ? far
            : $"{far}, about {ProgressLine.Duration(elapsed.TotalSeconds * (progress.Total - progress.Done) / progress.Done)} left in this step";
    }
}
