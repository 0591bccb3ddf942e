using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;
using static RagPlatform.CommandLine.Output.Rendering;

namespace RagPlatform.CommandLine.Output;

/// <summary>Models, for people.</summary>
internal static class ModelRendering
{
    /// <summary>As Git shortens a commit.</summary>
    private const int ShortRevision = 7;

    public static void Render(this Session session, IReadOnlyList<Model> models)
    {
        var table = NewTable("model", "kind", "state", "dimension", "tokens", "size", "license", "source");
        foreach (var model in models)
        {
            table.AddRow(
                Escape(model.IsDefault ? $"{model.Id} *" : model.Id), Escape(model.Kind), Colour(model.State), Known(model.Dimension), Known(model.MaxTokens),
                model.SizeBytes > 0 ? ProgressLine.Size(model.SizeBytes) : "", Escape(model.License), Escape(ShortSource(model)));
        }

        session.Console.Write(table);
        foreach (var model in models.Where(model => model.Detail.Length > 0))
        {
            session.Note(PlainText.Of($"{model.Id} is {model.State}: {model.Detail}"));
        }

        if (models.Any(model => model.IsDefault))
        {
            session.Note("* the default");
        }
    }

    public static void Render(this Session session, ModelDetails details)
    {
        var model = details.Model;
        var table = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        Row("model", Escape(model.Id) + (model.IsDefault ? " (the default)" : ""));
        Row("state", $"{Colour(model.State)}{(model.IsLoaded ? ", in memory" : "")}{Escape(model.Detail.Length > 0 ? $": {model.Detail}" : "")}");
        Row("kind", model.Kind.Length > 0 ? Escape(Joined(", ", model.Kind, details.Architecture)) : "unknown");
        if (details.Architecture.Length > 0)
        {
            Row("size", Escape(Joined(
                ", ",
                details.Parameters > 0 ? string.Create(CultureInfo.InvariantCulture, $"{details.Parameters / 1e6:0.0} million parameters") : "",
                details.WeightType,
                $"{ProgressLine.Size(model.SizeBytes)} on disk")));
            Row("reads", Escape($"{Number(model.MaxTokens)} tokens of a vocabulary of {Number(details.VocabularySize)}"));
            Row("dimension", Number(model.Dimension));
        }

        Row("license", Escape(model.License.Length > 0 ? model.License : "not stated"));
        Row("source", Escape(model.Source));
        Row("pinned", model.Revision.Length > 0 ? Escape(model.Revision) : "no");
        if (details.Folder.Length > 0)
        {
            Row("folder", Escape(details.Folder));
        }

        Row("used by", details.Collections.Count > 0 ? Escape(string.Join(", ", details.Collections)) : "no collection");
        session.Console.Write(table);
        if (details.Files.Count > 0)
        {
            session.Console.WriteLine();
            session.Console.Write(Files(details.Files));
        }

        void Row(string name, string value) => table.AddRow($"[grey]{name}[/]", value);
    }

    public static void Render(this Session session, IReadOnlyList<ModelCheck> checks)
    {
        foreach (var check in checks.Where(check => check.Result is not ModelFileResult.AsPinned))
        {
            var found = check.Result switch
            {
                ModelFileResult.Missing => "[red]missing[/]",
                ModelFileResult.Different => "[red]different[/]",
                _ => "not pinned",
            };
            session.Console.MarkupLine($"{Escape(check.Model)}: {Escape(check.File)} is {found}");
            if (check.Expected.Length > 0)
            {
                session.Console.MarkupLine($"  [grey]expected[/]  {Escape(check.Expected)}");
            }

            if (check.Actual.Length > 0)
            {
                session.Console.MarkupLine($"  [grey]actual[/]    {Escape(check.Actual)}");
            }
        }

        foreach (var remedy in checks.Select(check => check.Remedy).Where(remedy => remedy.Length > 0).Distinct(StringComparer.Ordinal))
        {
            session.Note(PlainText.Of(remedy));
        }

        foreach (var model in checks.GroupBy(check => check.Model, StringComparer.Ordinal))
        {
            var good = model.Count(check => check.Result is ModelFileResult.AsPinned);
            session.Console.MarkupLine($"{Escape(model.Key)}: {(good == model.Count() ? "[green]all[/] " : "")}{good} of {Count(model.Count(), "file")} as pinned");
        }
    }

    private static Table Files(IEnumerable<ModelFile> files)
    {
        var table = NewTable("file", "size", "sha-256");
        foreach (var file in files)
        {
            table.AddRow(Escape(file.Name), ProgressLine.Size(file.SizeBytes), Escape(file.Sha256.Length > 0 ? file.Sha256 : "not pinned"));
        }

        return table;
    }

    private static string ShortSource(Model model) => model.Revision.Length > ShortRevision && model.Source.EndsWith(model.Revision, StringComparison.Ordinal)
        ? model.Source[..^(model.Revision.Length - ShortRevision)]
        : model.Source;

    private static string Joined(string separator, params string[] parts) => string.Join(separator, parts.Where(part => part.Length > 0));
}
