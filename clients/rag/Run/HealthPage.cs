using System.Diagnostics;

namespace RagPlatform.CommandLine.Run;

/// <summary>Waits for a host's health page, for as long as its process lives.</summary>
internal static class HealthPage
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    /// <param name="page">/alive (the process answers) or /health (it is ready for work).</param>
    /// <param name="process">The host.</param>
    /// <param name="logPath">Shown when it ends or does not get there.</param>
    /// <param name="within">How long it may take.</param>
    /// <exception cref="CommandException">It ended, or the time is over.</exception>
    public static async Task WaitAsync(Uri page, Process process, string logPath, TimeSpan within, CancellationToken cancellationToken)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var began = TimeProvider.System.GetTimestamp();
        var answer = "no answer";
        while (TimeProvider.System.GetElapsedTime(began) < within)
        {
            if (process.HasExited)
            {
                throw new CommandException($"the platform ended while starting:\n{DetachedProcess.LastLines(logPath, 8)}", $"Its log: {logPath}");
            }

            try
            {
                using var response = await http.GetAsync(page, cancellationToken);
                if (response.IsSuccessStatusCode)
                {
                    return;
                }

                answer = await response.Content.ReadAsStringAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is HttpRequestException || (failure is TaskCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Not listening yet: the next attempt will tell.
            }

            await Task.Delay(PollInterval, cancellationToken);
        }

        throw new CommandException($"the platform was not ready after {within.TotalSeconds:0} s ({page.AbsolutePath}: {answer}).", $"Its log: {logPath}");
    }
}
