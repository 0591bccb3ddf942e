using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Run;

/// <summary>Has the platform fetch a model, and says how far it is.</summary>
internal static class ModelPull
{
    /// <summary>Pulls the default embedding model unless it is there, which the platform itself knows best.</summary>
    public static Task EnsureAsync(Session session, RagClient client, Action<string> report, CancellationToken cancellationToken) =>
        PullAsync(session, client, new ModelPullOptions(), report, static _ => { }, cancellationToken);

    /// <param name="session">Whether its lines are kept decides how they look.</param>
    /// <param name="client">The platform.</param>
    /// <param name="pull">What to pull.</param>
    /// <param name="report">Takes a line whenever something changes.</param>
    /// <param name="remember">Takes what is worth reading afterwards: what was pinned, and which sources were passed over.</param>
    /// <param name="cancellationToken">Stops listening.</param>
    /// <returns>The name the model is kept under; empty when the platform does not say.</returns>
    public static async Task<string> PullAsync(
        Session session, RagClient client, ModelPullOptions pull, Action<string> report, Action<string> remember, CancellationToken cancellationToken)
    {
        var transfer = new Transfer(session.ErrIsTerminal, TimeProvider.System);
        var name = pull.Name.Length > 0 ? pull.Name : pull.Model;
        await foreach (var progress in client.PullModelAsync(pull, cancellationToken))
        {
            name = progress.Model.Length > 0 ? progress.Model : name;
            if (progress.Step is "pinned" or "skipped")
            {
                remember(PlainText.Of($"{progress.Step} {progress.Detail}{(progress.TotalBytes > 0 ? $", {ProgressLine.Bytes(progress.TotalBytes, 0)}" : "")}"));
            }

            report(PlainText.Of($"{(name.Length > 0 ? name : "the embedding model")}: {Describe(progress, transfer)}"));
        }

        return name;
    }

    private static string Describe(PullProgress progress, Transfer transfer)
    {
        var isTransfer = progress is { DoneBytes: > 0 } or { TotalBytes: > 0 } and not { Step: "pinned" };
        string[] parts = isTransfer
            ? [progress.Step, progress.Detail.Split(" from ")[0], transfer.Describe(progress.DoneBytes, progress.TotalBytes)]
            : [progress.Step, progress.Detail];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }
}
