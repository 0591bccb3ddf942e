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
            session.Console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"{index + 1}. [bold]{Markup.Escape(NameOf(hit.Title, hit.DocumentId))}[/]  [grey]{hit.Score:0.00}[/]"));
            session.Console.MarkupLine($"   [grey]{Markup.Escape(PlaceOf(hit))}[/]");
            session.Console.MarkupLine($"   {Markup.Escape(Snippet(hit.Text))}");
        }
    }

    public static void Render(this Session session, IReadOnlyList<Citation> citations)
    {
        for (var index = 0; index < citations.Count; index++)
        {
            var citation = citations[index];
            var place = citation.Uri.Length > 0 ? $"  [grey]{Markup.Escape(citation.Uri)}[/]" : "";
            session.Console.MarkupLine($"[bold]{Markup.Escape($"[{citation.SourceNumber}]")}[/] {Markup.Escape(NameOf(citation.Title, citation.DocumentId))}{place}");
            session.Console.MarkupLine($"    [italic]\"{Markup.Escape(citation.Quote.ReplaceLineEndings(" "))}\"[/]");
        }
    }

    public static void Render(this Session session, DocumentListJson list)
    {
        var table = NewTable("document", "collection", "state", "version", "chunks", "updated");
        foreach (var document in list.Documents)
        {
            table.AddRow(
                Markup.Escape(document.Id), Markup.Escape(document.Collection), Colour(Name(document.State)), Number(document.Version), Number(document.ChunkCount), Time(document.UpdatedAt));
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
        Row("id", Markup.Escape(document.Id));
        Row("collection", Markup.Escape(document.Collection));
        Row("title", Markup.Escape(document.Title));
        Row("uri", Markup.Escape(document.Uri));
        Row("state", Colour(Name(document.State)));
        Row("version", $"{document.Version} (searches see {document.IndexedVersion})");
        Row("content", Markup.Escape($"{document.ContentType}, {document.ContentBytes} bytes, {document.ChunkCount} chunks"));
        foreach (var (name, value) in document.Metadata)
        {
            Row(Markup.Escape(name), Markup.Escape(value));
        }

        if (document.Failure is { } failure)
        {
            Row("failed at", Markup.Escape($"{failure.Step}, after {failure.Attempts} attempts: {failure.Reason} {failure.Remedy}"));
        }

        session.Console.Write(table);
        var events = NewTable("at", "version", "state", "detail", "trace");
        foreach (var entry in found.Events)
        {
            events.AddRow(Time(entry.OccurredAt), Number(entry.Version), Colour(Name(entry.State)), Markup.Escape(entry.Failure?.Reason ?? entry.Detail), Markup.Escape(entry.TraceId));
        }

        session.Console.Write(events);
    }

    public static void Render(this Session session, IReadOnlyList<Model> models)
    {
        var table = NewTable("model", "kind", "state", "dimension", "tokens", "size", "license", "from");
        foreach (var model in models)
        {
            table.AddRow(
                Markup.Escape(model.Id), Markup.Escape(model.Kind), Colour(model.State), Number(model.Dimension), Number(model.MaxTokens),
                model.SizeBytes > 0 ? ProgressLine.Bytes(model.SizeBytes, 0) : "", Markup.Escape(model.License), Markup.Escape(model.Source));
        }

        session.Console.Write(table);
    }

    public static void Render(this Session session, StatusJson status)
    {
        session.Console.MarkupLine($"[grey]mode[/]       {Markup.Escape(status.Mode)}");
        session.Console.MarkupLine($"[grey]gateway[/]    {Markup.Escape(status.Gateway)}  (version {Markup.Escape(status.Version)}, tenant {Markup.Escape(status.Tenant)})");
        session.Console.MarkupLine($"[grey]dashboard[/]  {Markup.Escape(status.Dashboard ?? "none")}");
        foreach (var service in status.Services)
        {
            session.Console.MarkupLine($"{(service.Healthy ? "[green]healthy[/]  " : "[red]unhealthy[/]")}  {Markup.Escape(service.Service)}{(service.Healthy ? "" : $": {Markup.Escape(service.Detail)}")}");
        }

        session.Console.MarkupLine(status.Documents.Count == 0
            ? "no documents yet"
            : string.Join(", ", status.Documents.Select(pair => $"{pair.Value} {Colour(Name(pair.Key))}")));
    }

    public static string Snippet(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MaxSnippetCharacters ? line : line[..(line.LastIndexOf(' ', MaxSnippetCharacters) is var space and > 0 ? space : MaxSnippetCharacters)] + " ...";
    }

    private static string PlaceOf(SearchHit hit) => string.Join(" > ", [hit.Uri.Length > 0 ? hit.Uri : hit.DocumentId, .. hit.HeadingPath]);

    private static string NameOf(string title, string id) => title.Length > 0 ? title : id;

    private static Table NewTable(params string[] columns)
    {
        var table = new Table().Border(TableBorder.None);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn($"[grey]{column}[/]").PadRight(2));
        }

        return table;
    }

    private static string Colour(string state) => state switch
    {
        "indexed" or "ready" => $"[green]{state}[/]",
        "failed" or "missing" => $"[red]{state}[/]",
        _ => Markup.Escape(state),
    };

    public static string Name(DocumentState state) => state.ToString().ToLowerInvariant();

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Time(DateTimeOffset? time) => time?.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "";
}
