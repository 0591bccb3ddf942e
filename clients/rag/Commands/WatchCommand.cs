using System.CommandLine;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;
using RagPlatform.CommandLine.Watch;

namespace RagPlatform.CommandLine.Commands;

internal static class WatchCommand
{
    public static Command Create(Session session)
    {
        var folder = new Argument<string>("folder") { Description = "The folder, with all below." };
        var collection = OutputOptions.Collection();
        var prefix = new Option<string>("--prefix") { Description = "In front of each path, to make the document's id. [default: nothing]", HelpName = "TEXT", DefaultValueFactory = _ => "" };
        var source = new Option<string?>("--source") { Description = "Whose the documents are: only these are changed and deleted. [default: the machine and the folder]", HelpName = "NAME" };
        var include = new Option<string[]>("--include") { Description = "Files that are documents, as in .gitignore. [default: the endings that rag ingest takes]", HelpName = "PATTERN" };
        var exclude = new Option<string[]>("--exclude") { Description = "Files and folders to leave out, as in .gitignore; hidden folders and node_modules always are.", HelpName = "PATTERN" };
        var metadata = MetadataOption.Create();
        var once = new Option<bool>("--once") { Description = "Make them equal and end, rather than go on." };
        var allowEmpty = new Option<bool>("--allow-empty") { Description = "Delete everything where the folder holds no document any more." };
        var settle = Whole("--settle", "A file is put when it has not changed for so long.", "MILLISECONDS", 500, 0, 60_000);
        var rescan = Whole("--rescan", "How often to look without being told of a change.", "SECONDS", 30, 1, 86_400);
        var json = new Option<bool>("--json") { Description = "Print each event as one line of JSON." };
        var command = new RagCommand(
            "watch",
            "Keeps a collection equal to a folder: what is added, changed, renamed or deleted there is so in the collection, until Ctrl-C.",
            "rag watch docs",
            "rag watch /srv/manuals --collection manuals --exclude drafts/ --exclude \"*.tmp.md\"",
            "rag watch docs --once --json")
        {
            folder, collection, prefix, source, include, exclude, metadata, once, allowEmpty, settle, rescan, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var path = FolderOf(parsed.GetValue(folder)!, session);
            var target = new WatchTarget
            {
                Collection = parsed.GetValue(collection)!,
                Prefix = parsed.GetValue(prefix)!,
                Source = parsed.GetValue(source) ?? WatchTarget.DefaultSource(path),
                Metadata = Checked(parsed.GetValue(metadata)!),
            };
            var settings = new WatchSettings
            {
                Rules = new PathRules(parsed.GetValue(include) ?? [], parsed.GetValue(exclude) ?? []),
                Settle = TimeSpan.FromMilliseconds(parsed.GetValue(settle)),
                Rescan = TimeSpan.FromSeconds(parsed.GetValue(rescan)),
                DeletesAll = parsed.GetValue(allowEmpty),
                Once = parsed.GetValue(once),
            };
            using var platform = connection.Connect(parsed);
            var report = new WatchReport(session, parsed.GetValue(json), TimeProvider.System);
            using var watch = new FolderWatch(platform.Client, path, target, settings, report, TimeProvider.System);
            try
            {
                await session.ShowAsync($"Watching {path}.", show =>
                {
                    report.ShowOn(show);
                    return watch.RunAsync(cancellationToken);
                });
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && !settings.Once)
            {
                // The way a watch ends. What was accepted is still being indexed, and the next start goes on from there.
            }

            var counts = report.Counts;
            if (!parsed.GetValue(json))
            {
                session.Out.WriteLine($"{counts.Put} put, {counts.Deleted} deleted, {counts.Failed} failed in the collection {target.Collection}.");
            }

            return settings.Once && counts.Failed > 0 ? ExitCode.Failed : ExitCode.Ok;
        });
        return command;
    }

    private static string FolderOf(string named, Session session)
    {
        if (string.IsNullOrWhiteSpace(named))
        {
            // Else a script's unset variable would mean the whole current folder.
            throw new CommandException("the folder is empty.", "For the current folder say: .", ExitCode.Usage);
        }

        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(named, session.CurrentDirectory));
        return Directory.Exists(path) ? path : throw new CommandException($"{named} is no folder.", "Name one that is there; for files see rag ingest.");
    }

    private static IReadOnlyDictionary<string, string> Checked(IReadOnlyDictionary<string, string> metadata) =>
        metadata.Keys.FirstOrDefault(key => key is WatchTarget.SourceKey or WatchTarget.HashKey) is { } taken
            ? throw new CommandException($"--metadata: the key '{taken}' is what rag watch knows its documents by.", "Choose another key.", ExitCode.Usage)
            : metadata;

    private static Option<int> Whole(string name, string description, string unit, int otherwise, int min, int max)
    {
        var option = new Option<int>(name) { Description = description, HelpName = unit, DefaultValueFactory = _ => otherwise };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is var value && (value < min || value > max))
            {
                result.AddError($"{name} is {value}; it must be {min} to {max}.");
            }
        });
        return option;
    }
}
