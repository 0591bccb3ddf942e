using System.Globalization;
using RagPlatform.Client;
using RagPlatform.CommandLine.Builds;
using RagPlatform.CommandLine.Commands;
using RagPlatform.CommandLine.Terminal;
using Spectre.Console;
using static RagPlatform.CommandLine.Output.Rendering;

namespace RagPlatform.CommandLine.Output;

/// <summary>Collections and their builds, for people.</summary>
internal static class CollectionRendering
{
    public static void Render(this Session session, IReadOnlyList<Collection> collections)
    {
        if (collections.Count == 0)
        {
            session.Note("There are no collections yet.");
            return;
        }

        var table = NewTable("collection", "documents", "chunks", "model", "store", "size", "health", "detail");
        foreach (var collection in collections)
        {
            table.AddRow(
                Escape(collection.Name), Number(collection.DocumentCount), Number(collection.ChunkCount), Escape(collection.Model), Escape(collection.Store),
                Size(collection), Colour(Name(collection.Health)), Escape(Detail(collection)));
        }

        session.Console.Write(table);
    }

    public static void Render(this Session session, Collection collection)
    {
        var table = new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();
        void Row(string name, string value) => table.AddRow($"[grey]{name}[/]", value);
        Row("collection", Escape(collection.Name));
        if (collection.Aliases.Count > 0)
        {
            Row("aliases", Escape(string.Join(", ", collection.Aliases)));
        }

        Row("holds", $"{Count(collection.DocumentCount, "document")}, {Count(collection.ChunkCount, "chunk")}");
        Row("store", Escape($"{collection.Store}{(collection.DiskBytes > 0 ? $", {Size(collection)}" : "")}{(collection.SegmentCount > 0 ? $" in {Count(collection.SegmentCount, "segment")}" : "")}"));
        if (collection.Model.Length > 0)
        {
            Row("model", Escape($"{collection.Model}, {Number(collection.Dimension)} dimensions"));
        }

        if (collection.Settings.Chunking is { } chunking)
        {
            Row("cut", Escape($"by {ChunkingOptions.Describe(chunking)}"));
        }

        if (collection.DocumentsChunkedEarlier > 0)
        {
            Row("chunking", Escape($"{Count(collection.DocumentsChunkedEarlier, "document")} chunked by an earlier configuration; rag collections rebuild {collection.Name} --chunk-again"));
        }

        var reranked = collection.Settings.RerankModel.Length == 0 ? ""
            : $", reranked by {collection.Settings.RerankModel}{(collection.Settings.RerankCandidates > 0 ? $" ({Count(collection.Settings.RerankCandidates, "passage")})" : "")}";
        Row("searched", Escape($"fusion {RankingOptions.Name(collection.Settings.Fusion)}, vector weight {collection.Settings.VectorWeight?.ToString(CultureInfo.InvariantCulture) ?? "the default"}{reranked}"));
        if (collection.ConfigurationHash.Length > 0)
        {
            Row("configured", Escape(collection.ConfigurationHash));
        }

        Row("health", $"{Colour(Name(collection.Health))}{Escape(collection.HealthDetail.Length > 0 ? $": {collection.HealthDetail}" : "")}");
        if (collection.MissingDocuments > 0)
        {
            Row("missing", $"{Count(collection.MissingDocuments, "document")} to be indexed again");
        }

        session.Console.Write(table);
        if (collection.Build is { } build)
        {
            session.Console.WriteLine();
            session.Render(build);
        }
    }

    public static void Render(this Session session, IndexBuild build)
    {
        var target = string.Join(" in ", new[] { build.Model, build.Store }.Where(part => part.Length > 0));
        session.Console.MarkupLine($"[grey]build[/]  {Colour(build.State.ToString().ToLowerInvariant())}: {Escape(BuildProgress.Describe(build))}{Escape(target.Length > 0 ? $", for {target}" : "")}");
        if (build.Failure.Length > 0)
        {
            session.Console.MarkupLine($"       {Escape(OneLine(build.Failure))}");
        }
    }

    public static void Render(this Session session, FacetsJson counted)
    {
        foreach (var facet in counted.Facets)
        {
            session.Console.MarkupLine($"[bold]{Escape(facet.Field)}[/]");
            var width = facet.Values.Select(value => Number(value.DocumentCount).Length).DefaultIfEmpty().Max();
            foreach (var value in facet.Values)
            {
                session.Console.MarkupLine($"  {Number(value.DocumentCount).PadLeft(width)}  {Escape(OneLine(value.Value))}");
            }

            if (facet.DistinctValues > facet.Values.Count)
            {
                session.Console.MarkupLine($"  [grey]and {Count(facet.DistinctValues - facet.Values.Count, "more value")}[/]");
            }
        }

        session.Note($"{Count(counted.DocumentCount, "document")} in {counted.Collection}.");
    }

    private static string Detail(Collection collection) => string.Join("; ", new[]
    {
        collection.Aliases.Count > 0 ? $"alias {string.Join(", ", collection.Aliases)}" : "",
        collection.HealthDetail,
        collection.Build is { State: BuildState.Running } build ? BuildProgress.Describe(build) : "",
    }.Where(part => part.Length > 0));

    private static string Size(Collection collection) => collection.DiskBytes > 0 ? ProgressLine.Bytes(collection.DiskBytes, 0) : "";

    private static string Name(CollectionHealth health) => health.ToString().ToLowerInvariant();
}
