using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.Sources;

/// <summary>Shows a crawl until it rests, and then what became of the pages.</summary>
internal static class SourceProgress
{
    private const int FailuresShown = 10;

    /// <returns>The exit code.</returns>
    public static async Task<int> FollowAsync(Session session, RagClient client, string name, bool wait, bool json, CancellationToken cancellationToken)
    {
        if (wait)
        {
            try
            {
                await session.ShowAsync($"Crawling {name}.", async report =>
                {
                    await foreach (var crawl in client.WatchCrawlAsync(name, cancellationToken))
                    {
                        report(Describe(crawl));
                    }
                });
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new CommandException("interrupted; the crawl goes on.", $"See how it stands: rag sources show {name}", ExitCode.Cancelled);
            }
        }

        var found = await client.GetSourceAsync(name, PageState.Failed, FailuresShown, cancellationToken: cancellationToken);
        if (json)
        {
            session.WriteJson(found.Source);
        }
        else
        {
            foreach (var page in found.Pages)
            {
                session.Error(page.Url, page.Failure?.Reason ?? "it failed.", page.Failure?.Remedy);
            }

            if (found.Source.Crawl.Failure is { } failure)
            {
                session.Error(name, failure.Reason, failure.Remedy);
            }

            session.Out.WriteLine($"{name}: {Describe(found.Source.Crawl)} in the collection {found.Source.Collection}.");
        }

        return wait && (found.Source.Crawl.State is CrawlState.Failed || found.Source.Crawl.FailedPages > 0) ? ExitCode.Failed : ExitCode.Ok;
    }

    /// <summary>"running, 120 of 300 pages: 100 changed, 20 unchanged".</summary>
    public static string Describe(Crawl crawl)
    {
        var counts = new (long Count, string What)[]
        {
            (crawl.ChangedPages, "changed"), (crawl.UnchangedPages, "unchanged"), (crawl.FailedPages, "failed"), (crawl.MissingPages, "missing"),
            (crawl.RemovedPages, "removed"), (crawl.LeftOutUrls, "addresses left out"),
        }.Where(entry => entry.Count > 0).Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Count} {entry.What}")).ToList();
        var state = crawl.State is CrawlState.None ? "not crawled yet" : crawl.State.ToString().ToLowerInvariant();
        return string.Create(CultureInfo.InvariantCulture, $"{state}, {crawl.DonePages} of {Rendering.Count(crawl.PageCount, "page")}{(counts.Count > 0 ? $": {string.Join(", ", counts)}" : "")}");
    }
}
