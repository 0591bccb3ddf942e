using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Commands;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;
using static RagPlatform.CommandLine.Output.Rendering;

namespace RagPlatform.CommandLine.Output;

/// <summary>
/// How a document is cut, for people: neighbouring chunks in different colours, what a chunk repeats of the one before between
/// « and », and a line wherever a new parent begins.
/// </summary>
internal static class ChunkRendering
{
    private static readonly string[] Colours = ["cyan", "green"];

    public static void Render(this Session session, ChunkPreview preview, int limit)
    {
        session.Console.MarkupLine($"[bold]{Escape(preview.Title.Length > 0 ? preview.Title : "untitled")}[/]  [grey]{Escape(Summary(preview))}[/]");
        foreach (var warning in preview.Warnings)
        {
            session.Console.MarkupLine($"[yellow]{Escape(OneLine(warning))}[/]");
        }

        PreviewedChunk? before = null;
        foreach (var chunk in preview.Chunks.Take(limit))
        {
            Render(session, chunk, before);
            before = chunk;
        }

        if (preview.Chunks.Count > limit)
        {
            session.Note($"{Number(limit)} of {Count(preview.Chunks.Count, "chunk")}; see more with --limit.");
        }
    }

    private static void Render(Session session, PreviewedChunk chunk, PreviewedChunk? before)
    {
        session.Console.WriteLine();
        if (chunk.ParentEndOffset is { } parentEnd && chunk.ParentStartOffset != before?.ParentStartOffset)
        {
            session.Console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"[yellow]=== parent {chunk.ParentStartOffset}-{parentEnd} ===[/]"));
        }

        var colour = Colours[chunk.Ordinal % Colours.Length];
        string[] context = [.. chunk.HeadingPath];
        session.Console.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"[{colour} bold]--- {chunk.Ordinal}[/] [grey]{Count(chunk.TokenCount, "token")}, {chunk.StartOffset}-{chunk.EndOffset}{(chunk.Location.Length > 0 ? $", {Escape(chunk.Location)}" : "")}[/]{(context.Length > 0 ? $"  [italic]{Escape(string.Join(" > ", context.Select(OneLine)))}[/]" : "")}"));
        var repeated = Math.Clamp((before?.EndOffset ?? 0) - chunk.StartOffset, 0, chunk.Text.Length);
        var overlap = repeated > 0 ? $"[black on {colour}]«{Escape(chunk.Text[..repeated])}»[/]" : "";
        session.Console.MarkupLine($"{overlap}[{colour}]{Escape(chunk.Text[repeated..])}[/]");
    }

    private static string Summary(ChunkPreview preview)
    {
        var tokens = preview.Chunks.Select(chunk => chunk.TokenCount).DefaultIfEmpty();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{preview.ContentType}, {preview.TextCharacters} characters: {Count(preview.Chunks.Count, "chunk")} of {tokens.Min()} to {tokens.Max()} tokens ({tokens.Average():0} on average) of {preview.Model}, by {ChunkingOptions.Describe(preview.Chunking)}");
    }
}
