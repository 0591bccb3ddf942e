using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Run;

/// <summary>Has the platform fetch a model, and says how far it is.</summary>
internal static class ModelPull
{
    /// <summary>Pulls the default embedding model unless it is there, which the platform itself knows best.</summary>
    public static Task EnsureAsync(RagClient client, Action<string> report, CancellationToken cancellationToken) =>
        PullAsync(client, model: "", report, cancellationToken);

    /// <param name="client">The platform.</param>
    /// <param name="model">Empty for the default embedding model.</param>
    /// <param name="report">Takes a line whenever something changes.</param>
    public static async Task PullAsync(RagClient client, string model, Action<string> report, CancellationToken cancellationToken)
    {
        var name = model.Length > 0 ? model : "the embedding model";
        await foreach (var progress in client.PullModelAsync(model, cancellationToken))
        {
            var far = progress.DoneBytes > 0 || progress.TotalBytes > 0 ? ProgressLine.Bytes(progress.DoneBytes, progress.TotalBytes) : progress.Detail;
            report($"{name}: {progress.Step} {far}".TrimEnd());
        }
    }
}
