using System.Globalization;
using System.Text.Json;
using RagPlatform.Contracts;
using RagPlatform.Search;
using RagPlatform.Search.Files;
using RagPlatform.Search.Lexical;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>
/// Where indexes lie: root/tenant/collection/generation/, and beside it generation.json with the options it was made with, so
/// that other defaults of a later program do not change what its files mean.
/// </summary>
/// <param name="root">Need not be there.</param>
internal sealed partial class IndexFolders(string root, ILogger<IndexFolders> logger)
{
    public IReadOnlyList<IndexKey> List()
    {
        if (!Directory.Exists(root))
        {
            return [];
        }

        return
        [
            .. from tenant in Directory.EnumerateDirectories(root)
               from collection in Directory.EnumerateDirectories(tenant)
               from file in Directory.EnumerateFiles(collection, "*.json")
               let key = Parse(Path.GetFileName(tenant), Path.GetFileName(collection), Path.GetFileNameWithoutExtension(file))
               where key is not null
               select key,
        ];
    }

    /// <summary>Null if they cannot be read: <see cref="Open"/> then has to begin anew.</summary>
    public CollectionIndexOptions? ReadOptions(IndexKey index)
    {
        try
        {
            return JsonSerializer.Deserialize<StoredOptions>(File.ReadAllBytes(OptionsPath(index)))!.ToOptions();
        }
        catch (JsonException exception)
        {
            LogUnreadable(logger, index, exception);
            return null;
        }
    }

    /// <summary>In one step: whole or not at all.</summary>
    public void WriteOptions(IndexKey index, CollectionIndexOptions options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(OptionsPath(index))!);
        var temporary = $"{OptionsPath(index)}.tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            JsonSerializer.Serialize(file, StoredOptions.Of(options));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, OptionsPath(index), overwrite: true);
    }

    /// <summary>What was made with other options, because the file that said them was lost, is set aside; the index then begins empty.</summary>
    public CollectionIndex Open(IndexKey index, CollectionIndexOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return CollectionIndex.Open(new DirectoryIndexFiles(FolderOf(index)), options, time, cancellationToken);
        }
        catch (IndexMismatchException exception)
        {
            var aside = string.Create(CultureInfo.InvariantCulture, $"{FolderOf(index)}.aside-{time.GetUtcNow():yyyyMMddHHmmss}");
            LogSetAside(logger, index, aside, exception);
            Directory.Move(FolderOf(index), aside);
            return CollectionIndex.Open(new DirectoryIndexFiles(FolderOf(index)), options, time, cancellationToken);
        }
    }

    public string FolderOf(IndexKey index) =>
        Path.Combine(root, index.Collection.Tenant.Name, index.Collection.Name, index.Generation.ToString(CultureInfo.InvariantCulture));

    public void Delete(IndexKey index)
    {
        var collection = Path.GetDirectoryName(FolderOf(index))!;
        if (!Directory.Exists(collection))
        {
            return;
        }

        File.Delete(OptionsPath(index));
        if (Directory.Exists(FolderOf(index)))
        {
            Directory.Delete(FolderOf(index), recursive: true);
        }

        if (!Directory.EnumerateFileSystemEntries(collection).Any())
        {
            Directory.Delete(collection);
        }
    }

    private static IndexKey? Parse(string tenant, string collection, string generation) =>
        Names.IsTenant(tenant) && Names.IsCollection(collection) && int.TryParse(generation, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new IndexKey(CollectionKey.Require(tenant, collection), number)
            : null;

    private string OptionsPath(IndexKey index) => $"{FolderOf(index)}.json";

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The options of {Index} cannot be read; if its files were made with others than today's they are set aside")]
    private static partial void LogUnreadable(ILogger logger, IndexKey index, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "The files of {Index} were made with other options; they are now in {Folder}, and its documents are indexed again")]
    private static partial void LogSetAside(ILogger logger, IndexKey index, string folder, Exception exception);

    /// <summary>Options as they lie in the file.</summary>
    private sealed record StoredOptions(
        int Dimension, AnalyzerLanguage Language, IReadOnlyList<string> StopWords, float K1, float B, int TitleWeight, int HeadingWeight, int GraphFromChunks,
        int GraphLinks, int GraphConstructionCandidates, int FlushChunks)
    {
        public static StoredOptions Of(CollectionIndexOptions options) => new(
            options.Dimension, options.Analyzer.Language, [.. options.Analyzer.StopWords.Order(StringComparer.Ordinal)], options.Bm25.K1, options.Bm25.B,
            options.TitleWeight, options.HeadingWeight, options.GraphFromChunks, options.GraphLinks, options.GraphConstructionCandidates, options.FlushChunks);

        public CollectionIndexOptions ToOptions() => new()
        {
            Dimension = Dimension,
            Analyzer = new AnalyzerOptions { Language = Language, StopWords = System.Collections.Frozen.FrozenSet.ToFrozenSet(StopWords, StringComparer.Ordinal) },
            Bm25 = new Bm25(K1, B),
            TitleWeight = TitleWeight,
            HeadingWeight = HeadingWeight,
            GraphFromChunks = GraphFromChunks,
            GraphLinks = GraphLinks,
            GraphConstructionCandidates = GraphConstructionCandidates,
            FlushChunks = FlushChunks,
        };
    }
}
