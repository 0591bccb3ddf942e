using Grpc.Core;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.CommandLine.FineTuning;

/// <summary>Follows a job to its rest, and says what became of it.</summary>
internal static class JobFollowing
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Before the work: a report that cannot be written is not to be found out after hours of training.</summary>
    public static void CheckReport(Session session, string? html)
    {
        if (html is not null && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(html, session.CurrentDirectory))))
        {
            throw new CommandException($"--html: there is no folder for {html}.", "Make the folder, or name a file in one that is there.", ExitCode.Usage);
        }
    }

    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(Session session, RagClient client, string id, bool json, string? html, CancellationToken cancellationToken)
    {
        CheckReport(session, html);
        var history = new JobHistory();
        try
        {
            await JobDisplay.ShowAsync(session, history, show => FollowAsync(client, id, history, show, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandException("interrupted; the job goes on.", $"Follow it again: {session.CommandName} finetune watch {id}", ExitCode.Cancelled);
        }

        var job = history.Job!;
        var found = job.Adapter.Length > 0 ? await FindAdapterAsync(client, job.Adapter, cancellationToken) : null;
        if (html is not null)
        {
            await File.WriteAllTextAsync(Path.GetFullPath(html, session.CurrentDirectory), Html.TrainingReport.Of(history, found), cancellationToken);
            session.Note($"The report is in {html}.");
        }

        if (json)
        {
            session.WriteMessage(job);
        }
        else
        {
            session.Render(job);
            if (found is not null)
            {
                session.Render(found);
            }
        }

        return job.State is JobState.Succeeded or JobState.Paused ? ExitCode.Ok : ExitCode.Failed;
    }

    /// <summary>Through restarts of the platform.</summary>
    private static async Task FollowAsync(RagClient client, string id, JobHistory history, Action show, CancellationToken cancellationToken)
    {
        while (history.Job is not { State: JobState.Succeeded or JobState.Failed or JobState.Cancelled or JobState.Paused })
        {
            try
            {
                await foreach (var update in client.WatchJobAsync(id, history.LastSequence, cancellationToken))
                {
                    history.Add(update);
                    show();
                }
            }
            catch (RagException failure) when (failure.RetryAfter is not null || failure.Status is StatusCode.Unavailable)
            {
                await Task.Delay(RetryDelay, cancellationToken);
            }
        }
    }

    private static async Task<GetAdapterResponse?> FindAdapterAsync(RagClient client, string adapter, CancellationToken cancellationToken)
    {
        try
        {
            return await client.GetAdapterAsync(new GetAdapterRequest { Id = adapter }, cancellationToken);
        }
        catch (RagException failure) when (failure.Status is StatusCode.NotFound)
        {
            return null;
        }
    }
}
