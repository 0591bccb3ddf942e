using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Output;

/// <summary>Batches for people.</summary>
internal static class BatchRendering
{
    /// <summary>"120 of 5000 documents, 2 failed, 85 chunks/s, about 3 min left".</summary>
    public static string Describe(Batch batch)
    {
        var atRest = AtRest(batch);
        var all = Math.Max(batch.ExpectedDocuments, batch.DocumentCount + batch.UnchangedCount);
        var parts = new List<string> { string.Create(CultureInfo.InvariantCulture, $"{atRest} of {all} document{(all == 1 ? "" : "s")}") };
        if (batch.Count(DocumentState.Failed) is > 0 and var failed)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{failed} failed"));
        }

        if (!batch.IsAtRest)
        {
            if (batch.IsPaused)
            {
                parts.Add("paused");
            }

            if (batch.ChunksPerSecond > 0)
            {
                parts.Add(string.Create(CultureInfo.InvariantCulture, $"{batch.ChunksPerSecond:0.#} chunks/s"));
            }

            if (batch.RemainingSeconds is { } seconds && !batch.IsPaused)
            {
                parts.Add($"about {ProgressLine.Duration(seconds)} left");
            }
        }

        return string.Join(", ", parts);
    }

    public static void Render(this Session session, Batch batch)
    {
        session.Console.MarkupLine($"[bold]{Rendering.Escape(batch.Id)}[/]  {Rendering.Escape(Describe(batch))}");
        var states = batch.Documents.OrderBy(entry => entry.Key).Select(entry => $"{Rendering.Number(entry.Value)} {Rendering.Colour(Rendering.Name(entry.Key))}").ToList();
        if (batch.SupersededCount > 0)
        {
            states.Add($"{Rendering.Number(batch.SupersededCount)} superseded");
        }

        if (batch.UnchangedCount > 0)
        {
            states.Add($"{Rendering.Number(batch.UnchangedCount)} unchanged");
        }

        if (states.Count > 0)
        {
            session.Console.MarkupLine($"  {string.Join(", ", states)}");
        }

        session.Console.MarkupLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  [grey]{batch.EmbeddedChunkCount} of {batch.EstimatedChunkCount} chunks embedded, {100 * batch.Progress:0.#}%, {ProgressLine.Size(batch.ContentBytes)}[/]"));
        foreach (var failed in batch.Failed)
        {
            session.Error($"  {failed.Collection}/{failed.Id}", $"{failed.Failure.Code}: {failed.Failure.Reason}", failed.Failure.Remedy.Length > 0 ? $"    {failed.Failure.Remedy}" : null);
        }
    }

    public static void Render(this Session session, IReadOnlyList<Batch> batches)
    {
        if (batches.Count == 0)
        {
            session.Note("There are no batches.");
            return;
        }

        var table = Rendering.NewTable("batch", "begun", "detail");
        foreach (var batch in batches)
        {
            table.AddRow(Rendering.Escape(batch.Id), Rendering.Time(batch.CreatedAt), Rendering.Escape(Describe(batch)));
        }

        session.Console.Write(table);
    }

    private static long AtRest(Batch batch) =>
        batch.Count(DocumentState.Indexed) + batch.Count(DocumentState.Failed) + batch.Count(DocumentState.Deleted) + batch.SupersededCount + batch.UnchangedCount;
}
