using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;

namespace RagPlatform.CommandLine.Output;

/// <summary>The same data as --json, for people.</summary>
internal static class Rendering
{
    private const int MaxSnippetCharacters = 300;

    public static void Render(this Session session, SearchJson search)
    {
        for (var index = 0; index < search.Hits.Count; index++)
        {
            var hit = search.Hits[index];
            session.Console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"{index + 1}. [bold]{Escape(NameOf(hit.Title, hit.DocumentId))}[/]  [grey]{hit.Score:0.00}[/]"));
            session.Console.MarkupLine($"   [grey]{Escape(PlaceOf(hit))}[/]");
            session.Console.MarkupLine($"   {Escape(Snippet(hit.Text))}");
            if (hit.Explanation is { } explanation)
            {
                session.Render(explanation, index + 1);
            }
        }
    }

    public static void Render(this Session session, IReadOnlyList<Citation> citations)
    {
        for (var index = 0; index < citations.Count; index++)
        {
            var citation = citations[index];
            if (index == 0 || citation.SourceNumber != citations[index - 1].SourceNumber)
            {
                var place = citation.Uri.Length > 0 ? $"  [grey]{Escape(Uri.UnescapeDataString(citation.Uri))}[/]" : "";
                session.Console.MarkupLine($"[bold]{Escape($"[{citation.SourceNumber}]")}[/] {Escape(NameOf(citation.Title, citation.DocumentId))}{place}");
            }

            var location = citation.Location.Length > 0 ? $"  [grey]{Escape(citation.Location)}[/]" : "";
            session.Console.MarkupLine($"    [italic]\"{Escape(OneLine(citation.Quote))}\"[/]{location}");
        }
    }

    public static void Render(this Session session, DocumentListJson list)
    {
        var table = NewTable("document", "collection", "state", "version", "chunks", "updated");
        foreach (var document in list.Documents)
        {
            table.AddRow(
                Escape(document.Id), Escape(document.Collection), Colour(Name(document.State)), Number(document.Version), Number(document.ChunkCount), Time(document.UpdatedAt));
        }

        if (list.Documents.Count == 0)
        {
            session.Note("There are no such documents.");
            return;
        }

        session.Console.Write(table);
        if (list.TotalCount > list.Documents.Count)
        {
            session.Note($"{list.Documents.Count} of {list.TotalCount}; see more with --limit.");
        }
    }

    public static void Render(this Session session, DocumentHistory found)
    {
        var document = found.Document;
        var table = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string value) => table.AddRow($"[grey]{name}[/]", value);
        Row("id", Escape(document.Id));
        Row("collection", Escape(document.Collection));
        if (document.Title.Length > 0)
        {
            Row("title", Escape(document.Title));
        }

        if (document.Uri.Length > 0)
        {
            Row("uri", Escape(document.Uri));
        }

        Row("state", Colour(Name(document.State)));
        Row("version", document.IndexedVersion == 0 ? $"{document.Version} (not searchable)" : $"{document.Version} (searches see {document.IndexedVersion})");
        Row("content", Escape($"{document.ContentType}, {document.ContentBytes} bytes, {document.ChunkCount} chunks"));
        if (document.Properties is { } properties && Describe(properties) is { Length: > 0 } described)
        {
            Row("says", Escape(described));
        }

        foreach (var warning in document.Properties?.Warnings ?? [])
        {
            Row("warning", Escape(OneLine(warning)));
        }

        foreach (var (name, value) in document.Metadata)
        {
            Row(Escape(name), Escape(value));
        }

        if (document.Failure is { } failure)
        {
            Row("failed at", Escape($"{failure.Step}{(failure.Attempts > 1 ? $", after {failure.Attempts} attempts" : "")}: {failure.Reason} {failure.Remedy}".TrimEnd()));
        }

        if (document.BatchId.Length > 0)
        {
            Row("batch", Escape(document.BatchId));
        }

        if (found.Events.LastOrDefault(entry => entry.TraceId.Length > 0) is { } latest)
        {
            Row("trace", Escape(latest.TraceId));
        }

        session.Console.Write(table);
        session.Console.WriteLine();
        var events = NewTable("at", "after", "version", "state", "detail");
        DocumentEvent? before = null;
        foreach (var entry in found.Events)
        {
            events.AddRow(
                Time(entry.OccurredAt), before?.Version == entry.Version ? Between(before.OccurredAt, entry.OccurredAt) : "", Number(entry.Version), Colour(Name(entry.State)),
                Escape(entry.Failure?.Reason ?? entry.Detail));
            before = entry;
        }

        session.Console.Write(events);
    }

    /// <summary>Where there is more than the one that is shown already.</summary>
    public static void RenderVersions(this Session session, IReadOnlyList<Document> versions)
    {
        if (versions.Count < 2)
        {
            return;
        }

        session.Console.WriteLine();
        var table = NewTable("version", "state", "chunks", "updated", "detail");
        foreach (var version in versions)
        {
            var seen = version.Version == version.IndexedVersion ? "searches see it" : "";
            table.AddRow(Number(version.Version), Colour(Name(version.State)), Known(version.ChunkCount), Time(version.UpdatedAt), Escape(version.Failure?.Reason ?? seen));
        }

        session.Console.Write(table);
    }

    public static void Render(this Session session, StatusJson status)
    {
        session.Console.MarkupLine($"[grey]mode[/]       {Escape(status.Mode)}");
        session.Console.MarkupLine($"[grey]gateway[/]    {Escape(status.Gateway)}  (version {Escape(WithShortCommit(status.Version))}, tenant {Escape(status.Tenant)})");
        session.Console.MarkupLine($"[grey]dashboard[/]  {Escape(status.Dashboard ?? "none")}");
        foreach (var service in status.Services)
        {
            session.Console.MarkupLine($"{(service.Healthy ? "[green]healthy[/]  " : "[red]unhealthy[/]")}  {Escape(service.Service)}{(service.Healthy ? "" : $": {Escape(service.Detail)}")}");
        }

        session.Console.MarkupLine(status.Documents.Count == 0
            ? "no documents yet"
            : string.Join(", ", status.Documents.Select(pair => $"{pair.Value} {Colour(Name(pair.Key))}")));
    }

    public static string Snippet(string text)
    {
        var line = OneLine(text);
        return line.Length <= MaxSnippetCharacters ? line : line[..(line.LastIndexOf(' ', MaxSnippetCharacters) is var space and > 0 ? space : MaxSnippetCharacters)] + " ...";
    }

    internal static string OneLine(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    internal static string Escape(string text) => Markup.Escape(PlainText.Of(text));

    /// <summary>"de, 12 pages, by A. Author, written 2024-02-29".</summary>
    private static string Describe(DocumentProperties properties) => string.Join(", ", new[]
    {
        properties.Language,
        properties.PageCount > 0 ? Count(properties.PageCount, "page") : "",
        properties.Author.Length > 0 ? $"by {OneLine(properties.Author)}" : "",
        properties.AuthoredAt is { } authored ? string.Create(CultureInfo.InvariantCulture, $"written {authored:yyyy-MM-dd}") : "",
        properties.ModifiedAt is { } modified ? string.Create(CultureInfo.InvariantCulture, $"changed {modified:yyyy-MM-dd}") : "",
    }.Where(part => part.Length > 0));

    private static string PlaceOf(SearchHit hit) => string.Join(" > ", [$"{(hit.Uri.Length > 0 ? hit.Uri : hit.DocumentId)}{(hit.Location.Length > 0 ? $", {hit.Location}" : "")}", .. hit.HeadingPath]);

    /// <summary>"0.1.0+78da673": as Git shortens a commit.</summary>
    private static string WithShortCommit(string version) => version[..Math.Min(version.Length, version.IndexOf('+', StringComparison.Ordinal) is var plus and >= 0 ? plus + 8 : version.Length)];

    private static string NameOf(string title, string id) => title.Length > 0 ? title : id;

    /// <summary>The columns with text of any length give way where the terminal is narrow; numbers and times stay whole.</summary>
    internal static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn($"[grey]{column}[/]") { NoWrap = column is not ("document" or "model" or "detail" or "source") }.PadRight(2));
        }

        return table;
    }

    internal static string Colour(string state) => state switch
    {
        "indexed" or "ready" or "remote" or "succeeded" => $"[green]{state}[/]",
        "failed" or "missing" or "incomplete" or "unavailable" => $"[red]{state}[/]",
        _ => Escape(state),
    };

    public static string Name(DocumentState state) => state.ToString().ToLowerInvariant();

    /// <summary>"1 document", "2 documents".</summary>
    internal static string Count(long count, string thing) => $"{Number(count)} {thing}{(count == 1 ? "" : "s")}";

    internal static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    internal static string Known(long value) => value > 0 ? Number(value) : "";

    /// <summary>"1.25 s": from a state to the next.</summary>
    private static string Between(DateTimeOffset? earlier, DateTimeOffset? later) =>
        later - earlier is { } time ? time.TotalSeconds < 90 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.00} s") : ProgressLine.Duration(time.TotalSeconds) : "";

    internal static string Time(DateTimeOffset? time) => time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
