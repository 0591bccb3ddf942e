using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Builds;

/// <summary>Shows how far a build is until it rests.</summary>
internal static class BuildProgress
{
    /// <returns>The build, succeeded.</returns>
    /// <exception cref="CommandException">It failed, was cancelled, or the user left while it goes on.</exception>
    public static async Task<IndexBuild> FollowAsync(Session session, RagClient client, string collection, CancellationToken cancellationToken)
    {
        IndexBuild? last;
        try
        {
            last = await session.ShowAsync($"Building the index of {collection}.", report => ReadAsync(client, collection, report, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandException("interrupted; the build goes on.", $"Follow it: rag collections watch {collection}. End it: rag collections cancel {collection}.", ExitCode.Cancelled);
        }

        return last switch
        {
            { State: BuildState.Succeeded } => last,
            { State: BuildState.Failed } => throw new CommandException($"the build failed{(last.Step.Length > 0 ? $" while {last.Step}" : "")}: {last.Failure}", $"{collection} is searched as before."),
            { State: BuildState.Cancelled } => throw new CommandException("the build was cancelled.", $"{collection} is searched as before."),
            _ => throw new CommandException("the platform stopped telling about the build.", $"See how it stands: rag collections show {collection}"),
        };
    }

    /// <summary>"copying 120 of 5000 documents, 180 chunks/s, about 2 min left"; a build at rest may be at no step.</summary>
    public static string Describe(IndexBuild build)
    {
        var documents = string.Create(CultureInfo.InvariantCulture, $"{(build.Step.Length > 0 ? $"{build.Step} " : "")}{build.DoneDocuments} of {build.TotalDocuments} documents");
        if (build.State is not BuildState.Running)
        {
            return documents;
        }

        return string.Concat(
            documents,
            build.ChunksPerSecond is { } rate ? string.Create(CultureInfo.InvariantCulture, $", {rate:0} chunks/s") : "",
            build.RemainingSeconds is { } seconds ? $", about {ProgressLine.Duration(seconds)} left" : "",
            build.ResumeCount > 0 ? ", resumed" : "");
    }

    private static async Task<IndexBuild?> ReadAsync(RagClient client, string collection, Action<string> report, CancellationToken cancellationToken)
    {
        IndexBuild? last = null;
        await foreach (var build in client.WatchBuildAsync(collection, cancellationToken))
        {
            last = build;
            report(PlainText.Of(Describe(build)));
        }

        return last;
    }
}
