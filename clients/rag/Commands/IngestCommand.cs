using System.CommandLine;
using RagPlatform.Client;
using RagPlatform.CommandLine.Ingest;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class IngestCommand
{
    private const string StandardInput = "-";
    private const string StandardInputName = "standard input";
    private const int StandardInputMaxBytes = 256 * 1024 * 1024;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(5);

    public static Command Create(Session session)
    {
        var paths = new Argument<string[]>("paths") { Description = $"Files, folders (with all {DocumentFolder.Endings} below), patterns, or - for standard input.", Arity = ArgumentArity.OneOrMore };
        var options = new Inputs(
            OutputOptions.Collection(),
            new Option<string?>("--id") { Description = "The document's id; for a single document. [default: its path from here]", HelpName = "ID" },
            new Option<string?>("--uri") { Description = "Where people find it; for a single document. [default: the file's address]", HelpName = "URI" },
            new Option<string?>("--title") { Description = "The title; for a single document. [default: from the content]", HelpName = "TITLE" },
            new Option<string?>("--content-type") { Description = "A media type, such as text/markdown or application/pdf. [default: from the content and the name]", HelpName = "TYPE" },
            MetadataOption.Create());
        var batch = new Option<string?>("--batch") { Description = "Put them under this batch, 1 to 63 of a-z, 0-9, \"_\" and \"-\". [default: a new one]", HelpName = "ID" };
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until the documents are indexed." };
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "ingest",
            "Puts documents into a collection and waits until they can be searched. What has not changed is left alone.",
            "rag ingest README.md docs",
            "rag ingest \"docs/**/*.md\" --collection manuals --metadata lang=de --metadata year=2026",
            "curl -s https://example.com/page | rag ingest - --title Page --content-type text/html")
        {
            paths, options.Collection, options.Id, options.Uri, options.Title, options.ContentType, options.Metadata, batch, noWait, json,
        };
        var connection = new ConnectionOptions(session, command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var batchId = parsed.GetValue(batch) ?? NewBatchId();
            var inputs = options.Read(session, parsed, parsed.GetValue(paths)!, batchId);
            using var platform = connection.Connect(parsed);
            IReadOnlyList<IngestedJson> documents;
            try
            {
                documents = await SendAsync(session, platform.Client, batchId, inputs, !parsed.GetValue(noWait), cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw new CommandException("interrupted.", $"What was accepted is still being indexed (rag batches watch {batchId}); the same command again goes on with the rest.", ExitCode.Cancelled);
            }

            var result = Summarise(parsed.GetValue(options.Collection)!, batchId, documents);
            if (parsed.GetValue(json))
            {
                session.WriteJson(result);
            }
            else
            {
                Print(session, result);
            }

            return result.Failed == 0 ? ExitCode.Ok : ExitCode.Failed;
        });
        return command;
    }

    private static async Task<IReadOnlyList<IngestedJson>> SendAsync(
        Session session, RagClient client, string batchId, IReadOnlyList<IngestInput> inputs, bool wait, CancellationToken cancellationToken)
    {
        await client.DeclareBatchAsync(batchId, inputs.Count, inputs.Sum(input => input.Bytes), cancellationToken);
        try
        {
            return await BatchProgress.ShowAsync(
                session, client, batchId,
                async working =>
                {
                    using var run = new IngestRun(client, wait, _ => { });
                    return await run.RunAsync(inputs, working);
                },
                cancellationToken);
        }
        finally
        {
            await EndAsync(client, batchId);
        }
    }

    /// <summary>No more documents come, also where some were refused or the user left: the batch need not wait for them.</summary>
    private static async Task EndAsync(RagClient client, string batchId)
    {
        using var limit = new CancellationTokenSource(EndLimit);
        try
        {
            await client.DeclareBatchAsync(batchId, expectedDocuments: 0, cancellationToken: limit.Token);
        }
        catch (Exception failure) when (failure is RagException or OperationCanceledException)
        {
            // What ended the run is told; the batch only stays open.
        }
    }

    /// <summary>By time, and unlike any other of the same second.</summary>
    private static string NewBatchId() =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ingest-{TimeProvider.System.GetUtcNow():yyyyMMdd-HHmmss}-{Guid.NewGuid().ToString("N")[..4]}");

    private static IngestJson Summarise(string collection, string batchId, IReadOnlyList<IngestedJson> documents)
    {
        int Count(string outcome) => documents.Count(document => document.Outcome == outcome);
        return new IngestJson(collection, Count("indexed"), Count("unchanged"), Count("accepted"), Count("failed"), documents, batchId);
    }

    private static void Print(Session session, IngestJson result)
    {
        foreach (var document in result.Documents)
        {
            if (document.Failure is { } failure)
            {
                session.Error(document.Source, failure.Reason, failure.Remedy.Length > 0 ? failure.Remedy : null);
            }
            else if (document.Source == StandardInputName)
            {
                session.Out.WriteLine($"{StandardInputName} is the document {document.Id}.");
            }
        }

        var accepted = result.Accepted > 0 ? $"{result.Accepted} accepted, " : "";
        session.Out.WriteLine($"{accepted}{result.Indexed} indexed, {result.Unchanged} unchanged, {result.Failed} failed in the collection {result.Collection}.");
    }

    /// <summary>The options that say what a document is.</summary>
    private sealed record Inputs(Option<string> Collection, Option<string?> Id, Option<string?> Uri, Option<string?> Title, Option<string?> ContentType,
        Option<IReadOnlyDictionary<string, string>> Metadata)
    {
        public IReadOnlyList<IngestInput> Read(Session session, ParseResult parsed, string[] paths, string batchId)
        {
            var fromInput = paths.Contains(StandardInput);
            if (fromInput && paths.Length > 1)
            {
                throw new CommandException("- cannot be combined with files.", "Ingest standard input by itself.", ExitCode.Usage);
            }

            if (fromInput)
            {
                return [new IngestInput(Header(parsed, parsed.GetValue(Id) ?? "", parsed.GetValue(Uri) ?? "", batchId), StandardInputName, ReadAll(session))];
            }

            var files = InputFiles.Expand(paths, session.CurrentDirectory);
            if (files.Count > 1)
            {
                foreach (var option in new[] { Id, Uri, Title })
                {
                    if (parsed.GetValue(option) is not null)
                    {
                        throw new CommandException($"{option.Name} is for a single document, and {files.Count} are named.", "Ingest that one by itself.", ExitCode.Usage);
                    }
                }
            }

            return [.. files.Select(file => new IngestInput(
                Header(parsed, parsed.GetValue(Id) ?? file.Id, parsed.GetValue(Uri) ?? file.Uri.AbsoluteUri, batchId),
                file.Id,
                () => File.OpenRead(file.FullPath)) { Bytes = new FileInfo(file.FullPath).Length })];
        }

        /// <summary>Standard input can be read only once, and a busy platform may ask for it again.</summary>
        private static Func<Stream> ReadAll(Session session)
        {
            using var input = session.OpenInput();
            using var whole = new MemoryStream();
            var buffer = new byte[81920];
            for (int read; (read = input.Read(buffer)) > 0;)
            {
                whole.Write(buffer, 0, read);
                if (whole.Length > StandardInputMaxBytes)
                {
                    throw new CommandException($"standard input is longer than {StandardInputMaxBytes / (1024 * 1024)} MiB.", "Ingest it as a file, or in parts.");
                }
            }

            var content = whole.ToArray();
            return () => new MemoryStream(content, writable: false);
        }

        private DocumentHeader Header(ParseResult parsed, string id, string uri, string batchId) => new()
        {
            Collection = parsed.GetValue(Collection)!,
            Id = id,
            Uri = uri,
            Title = parsed.GetValue(Title) ?? "",
            ContentType = parsed.GetValue(ContentType) ?? "",
            Metadata = parsed.GetValue(Metadata)!,
            BatchId = batchId,
        };
    }
}
