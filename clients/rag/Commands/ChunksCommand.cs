using System.CommandLine;
using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Output;
using RagPlatform.CommandLine.Terminal;

namespace RagPlatform.CommandLine.Commands;

internal static class ChunksCommand
{
    /// <summary>What the gateway takes for a preview.</summary>
    private const int MaxFileBytes = 2 * 1024 * 1024;

    public static Command Create(Session session) => new("chunks", "Shows how documents are cut into passages.") { CreatePreview(session) };

    private static RagCommand CreatePreview(Session session)
    {
        var file = new Argument<string?>("file") { Description = "A file of at most 2 MiB.", Arity = ArgumentArity.ZeroOrOne };
        var document = new Option<string?>("--document") { Description = "A stored document in place of a file.", HelpName = "ID" };
        var version = new Option<long>("--document-version") { Description = "Of the stored document. [default: the latest]", HelpName = "N" };
        var limit = new Option<int>("--limit", "-n") { Description = "Show so many chunks.", HelpName = "N", DefaultValueFactory = _ => 50 };
        var collection = OutputOptions.Collection();
        var json = OutputOptions.Json();
        var command = new RagCommand(
            "preview",
            "Cuts a document as a collection would, or as the options say, and shows the chunks: their bounds, tokens, headings, and what they repeat. Stores nothing.",
            "rag chunks preview guide.md",
            "rag chunks preview report.pdf --chunking parent-child --chunk-tokens 80 --parent-tokens 500",
            "rag chunks preview --document docs/guide.md --collection manuals --json")
        {
            file, document, version, limit, collection, json,
        };
        var chunking = new ChunkingOptions(command);
        var connection = new ConnectionOptions(session, command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is null == result.GetValue(document) is null)
            {
                result.AddError("Give a file or --document ID.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var platform = connection.Connect(parsed);
            var path = parsed.GetValue(file);
            var preview = await platform.Client.PreviewChunksAsync(
                new ChunkPreviewRequest
                {
                    Collection = parsed.GetValue(collection)!,
                    Content = path is null ? default : await ReadAsync(Path.Combine(session.CurrentDirectory, path), cancellationToken),
                    Uri = path is null ? "" : Path.GetFileName(path),
                    DocumentId = parsed.GetValue(document) ?? "",
                    Version = parsed.GetValue(version),
                    Chunking = chunking.Change(null, parsed),
                },
                cancellationToken);
            if (parsed.GetValue(json))
            {
                session.WriteJson(preview);
            }
            else
            {
                session.Render(preview, Math.Max(1, parsed.GetValue(limit)));
            }

            return preview.Chunks.Count > 0 ? ExitCode.Ok : ExitCode.NothingFound;
        });
        return command;
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (new FileInfo(path) is { Exists: true, Length: > MaxFileBytes } file)
        {
            throw new CommandException(
                string.Create(CultureInfo.InvariantCulture, $"{path} has {file.Length} bytes; the limit of a preview is {MaxFileBytes}."),
                "Preview a part of it, or ingest it and preview it with --document.");
        }

        return await File.ReadAllBytesAsync(path, cancellationToken);
    }
}
