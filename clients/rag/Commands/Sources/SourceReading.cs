using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Commands.Sources;

/// <summary>rag sources list and show.</summary>
internal static class SourceReading
{
    private const int PageMax = 1000;

    public static RagCommand CreateList(Session session)
    {
        var json = OutputOptions.Json();
        var command = new RagCommand("list", "Lists the sources and how their latest crawls ended.", "rag sources list") { json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var sources = await platform.Client.ListSourcesAsync(cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(sources);
                return ExitCode.Ok;
            }

            if (sources.Count == 0)
            {
                session.Note("There are no sources; make one with rag sources add.");
                return ExitCode.Ok;
            }

            var table = Rendering.NewTable("source", "collection", "pages", "crawl", "detail", "next");
            foreach (var source in sources)
            {
                table.AddRow(
                    Rendering.Escape(source.Name), Rendering.Escape(source.Collection), Rendering.Number(source.PageCount), Rendering.Colour(source.Crawl.State.ToString().ToLowerInvariant()),
                    Rendering.Escape(SourceProgress.Describe(source.Crawl)), Rendering.Time(source.NextCrawlAt));
            }

            session.Console.Write(table);
            return ExitCode.Ok;
        });
        return command;
    }

    public static RagCommand CreateShow(Session session)
    {
        var name = new Argument<string>("name") { Description = "The source's name." };
        var state = new Option<string?>("--state") { Description = "Only pages in this state, for example failed.", HelpName = "STATE" };
        state.AcceptOnlyFromAmong([.. Enum.GetValues<PageState>().Where(value => value != PageState.Listed).Select(value => value.ToString().ToLowerInvariant())]);
        var limit = new Option<int>("--limit") { Description = "How many pages at most.", HelpName = "N", DefaultValueFactory = _ => 100 };
        limit.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > PageMax)
            {
                result.AddError($"--limit must be 1 to {PageMax}.");
            }
        });
        var json = OutputOptions.Json();
        var command = new RagCommand("show", "Shows a source and what became of its pages.", "rag sources show handbook --state failed") { name, state, limit, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            PageState? chosen = parsed.GetValue(state) is { } text ? Enum.Parse<PageState>(text, ignoreCase: true) : null;
            var found = await platform.Client.GetSourceAsync(parsed.GetValue(name)!, chosen, parsed.GetValue(limit), cancellationToken: cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(found);
            }
            else
            {
                Render(session, found);
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static void Render(Session session, WebSourcePages found)
    {
        var source = found.Source;
        session.Console.MarkupLine(Rendering.Escape($"{source.Name} in {source.Collection}: {(source.SitemapUrl.Length > 0 ? source.SitemapUrl : Rendering.Count(source.Urls.Count, "address"))}, {(source.CrawlInterval > TimeSpan.Zero ? $"every {ProgressLine.Duration(source.CrawlInterval.TotalSeconds)}" : "when asked")}"));
        session.Console.MarkupLine(Rendering.Escape(SourceProgress.Describe(source.Crawl)));
        if (source.Crawl.Failure is { } failure)
        {
            session.Console.MarkupLine(Rendering.Escape($"{failure.Reason} {failure.Remedy}"));
        }

        var table = Rendering.NewTable("document", "state", "http", "asked", "changed", "detail");
        foreach (var page in found.Pages)
        {
            table.AddRow(
                Rendering.Escape(page.Url), Rendering.Colour(page.State.ToString().ToLowerInvariant()), Rendering.Known(page.HttpStatus), Rendering.Time(page.FetchedAt), Rendering.Time(page.ChangedAt),
                Rendering.Escape(page.Failure is { } reason ? $"{reason.Reason} {reason.Remedy}" : ""));
        }

        session.Console.Write(table);
        if (found.NextPageToken is not null)
        {
            session.Note($"The first {found.Pages.Count}; see more with --limit, or some with --state.");
        }
    }
}
