using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands.Sources;

/// <summary>rag sources add, crawl and remove.</summary>
internal static class SourceChanges
{
    public static RagCommand CreateAdd(Session session)
    {
        var name = new Argument<string>("name") { Description = "The source's name; one that is there is changed." };
        var sitemap = new Option<string?>("--sitemap") { Description = "The address of a sitemap, or of an index of them.", HelpName = "URL" };
        var urls = new Option<string[]>("--url") { Description = "A page; give it once for each.", HelpName = "URL" };
        var file = new Option<string?>("--urls-from") { Description = "A file with a page's address on each line; # begins a comment.", HelpName = "FILE" };
        var collection = OutputOptions.Collection();
        var every = DurationOption.Create("--every", "How long after a crawl the next one follows. [default: only when asked]");
        var grace = DurationOption.Create("--grace", "How long a page that is gone stays a document. [default: 1d]");
        var metadata = MetadataOption.Create();
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until the pages are crawled." };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "add",
            "Puts pages of the web into a collection and keeps up with them.",
            "rag sources add handbook --sitemap https://example.com/sitemap.xml --every 6h",
            "rag sources add news --url https://example.com/a --url https://example.com/b -c news",
            "rag sources add law --urls-from laws.txt --every 1d --grace 30d --metadata lang=de")
        {
            name, sitemap, urls, file, collection, every, grace, metadata, noWait, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var listed = (parsed.GetValue(urls) ?? []).Concat(parsed.GetValue(file) is { } path ? ReadUrls(path, session) : []).ToList();
            if (parsed.GetValue(sitemap) is null == (listed.Count == 0))
            {
                throw new CommandException(listed.Count == 0 ? "no pages are named." : "a sitemap and pages are both named.", "Give --sitemap, or --url or --urls-from.", ExitCode.Usage);
            }

            using var platform = connection.Connect(parsed);
            await platform.Client.PutSourceAsync(
                new WebSourceSettings(parsed.GetValue(name)!)
                {
                    Collection = parsed.GetValue(collection)!,
                    SitemapUrl = parsed.GetValue(sitemap) ?? "",
                    Urls = listed,
                    CrawlInterval = parsed.GetValue(every) ?? TimeSpan.Zero,
                    RemovalGrace = parsed.GetValue(grace),
                    Metadata = parsed.GetValue(metadata)!,
                },
                cancellationToken);
            return await SourceProgress.FollowAsync(session, platform.Client, parsed.GetValue(name)!, !parsed.GetValue(noWait), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    public static RagCommand CreateCrawl(Session session)
    {
        var name = new Argument<string>("name") { Description = "The source's name." };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until the pages are crawled." };
        var json = OutputOptions.Json();
        var command = new RagCommand("crawl", "Crawls a source now. What has not changed costs one request and no embedding.", "rag sources crawl handbook") { name, noWait, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            await platform.Client.CrawlSourceAsync(parsed.GetValue(name)!, cancellationToken);
            return await SourceProgress.FollowAsync(session, platform.Client, parsed.GetValue(name)!, !parsed.GetValue(noWait), parsed.GetValue(json), cancellationToken);
        });
        return command;
    }

    public static RagCommand CreateRemove(Session session)
    {
        var name = new Argument<string>("name") { Description = "The source's name." };
        var documents = new Option<bool>("--documents") { Description = "Delete its documents, too; else they stay and belong to nobody." };
        var json = OutputOptions.Json();
        var command = new RagCommand("remove", "Ends a source.", "rag sources remove handbook --documents") { name, documents, json };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var pages = await platform.Client.DeleteSourceAsync(parsed.GetValue(name)!, parsed.GetValue(documents), cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(new SourceRemovedJson(parsed.GetValue(name)!, pages, parsed.GetValue(documents)));
            }
            else
            {
                session.Out.WriteLine($"Removed {parsed.GetValue(name)} with {Rendering.Count(pages, "page")}; {(parsed.GetValue(documents) ? "their documents are being deleted" : "their documents stay")}.");
            }

            return ExitCode.Ok;
        });
        return command;
    }

    private static List<string> ReadUrls(string path, Session session) =>
        [.. File.ReadLines(Path.GetFullPath(path, session.CurrentDirectory)).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')];
}
