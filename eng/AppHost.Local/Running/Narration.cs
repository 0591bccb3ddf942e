namespace RagPlatform.AppHost.Local.Running;

/// <summary>Tells the terminal what becomes of each resource, one line a change.</summary>
internal static class Narration
{
    public static async Task RunAsync(ResourceBoard board, TextWriter output, string dashboardUrl, CancellationToken cancellationToken)
    {
        var told = new Dictionary<string, string>(StringComparer.Ordinal);
        var wasReady = false;
        await output.WriteLineAsync($"Dashboard: {dashboardUrl}");
        await foreach (var news in board.WatchAsync(cancellationToken))
        {
            foreach (var snapshot in news.Where(snapshot => snapshot.Kind is not ResourceKind.Parameter))
            {
                var line = Describe(snapshot);
                if (!string.Equals(told.GetValueOrDefault(snapshot.Name), line, StringComparison.Ordinal))
                {
                    told[snapshot.Name] = line;
                    await output.WriteLineAsync(line);
                }
            }

            var isReady = board.Snapshots.All(snapshot => snapshot.IsReady);
            if (isReady && !wasReady)
            {
                await output.WriteLineAsync("Everything is ready.");
            }

            wasReady = isReady;
        }
    }

    private static string Describe(ResourceSnapshot snapshot)
    {
        var health = snapshot switch
        {
            { IsRunning: false } or { IsHealthy: null } => "",
            { IsHealthy: true } => ", healthy",
            _ => ", not ready yet",
        };
        var exit = snapshot.ExitCode is { } code ? $" (exit code {code})" : "";
        var hasReason = snapshot.HealthDescription.Length > 0
            && (snapshot.Kind is ResourceKind.Server || snapshot.State is ResourceStates.Restarting or ResourceStates.FailedToStart);
        var reason = hasReason ? $": {snapshot.HealthDescription}" : "";
        return $"{snapshot.Name}: {snapshot.State}{health}{exit}{reason}";
    }
}
