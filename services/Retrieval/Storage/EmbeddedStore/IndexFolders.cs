using System.Globalization;
using System.Text.Json;
using RagPlatform.Contracts;
using RagPlatform.Search;
using RagPlatform.Search.Files;

namespace RagPlatform.Retrieval.Storage.EmbeddedStore;

/// <summary>
/// Where indexes lie: root/tenant/collection/generation/, and beside it generation.json with the options it was made with, so
/// that other defaults of a later program do not change what its files mean.
/// </summary>
/// <param name="root">Need not be there.</param>
internal sealed partial class IndexFolders(string root, ILogger<IndexFolders> logger)
{
    private const string AsideMark = ".aside-";

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

    /// <summary>Null if there are none, or none that can be understood: <see cref="Open"/> then has to begin anew.</summary>
    public CollectionIndexOptions? ReadOptions(IndexKey index)
    {
        if (!File.Exists(OptionsPath(index)))
        {
            return null;
        }

        try
        {
            return IndexOptionsJson.Read(File.ReadAllBytes(OptionsPath(index)));
        }
        catch (JsonException exception)
        {
            LogUnreadable(logger, index, exception);
            return null;
        }
    }

    /// <summary>In one step: whole or not at all.</summary>
    public CollectionIndexOptions WriteOptions(IndexKey index, CollectionIndexOptions options)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(OptionsPath(index))!);
        var temporary = $"{OptionsPath(index)}.tmp";
        using (var file = new FileStream(temporary, FileMode.Create, FileAccess.Write))
        {
            file.Write(IndexOptionsJson.Write(options));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, OptionsPath(index), overwrite: true);
        return options;
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
            var aside = string.Create(CultureInfo.InvariantCulture, $"{FolderOf(index)}{AsideMark}{time.GetUtcNow():yyyyMMddHHmmss}");
            LogSetAside(logger, index, aside, exception);
            Directory.Move(FolderOf(index), aside);
            return CollectionIndex.Open(new DirectoryIndexFiles(FolderOf(index)), options, time, cancellationToken);
        }
    }

    public void CopyOptions(IndexKey index, string file) => File.Copy(OptionsPath(index), file);

    /// <summary>The files of a snapshot as those of an index; its options last, as what is without is no index yet.</summary>
    public async Task RestoreAsync(IndexKey index, string folder, string optionsFile, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(FolderOf(index));
        foreach (var file in Directory.EnumerateFiles(folder))
        {
            await using var source = File.OpenRead(file);
            await using var copy = new FileStream(Path.Combine(FolderOf(index), Path.GetFileName(file)), FileMode.CreateNew);
            await source.CopyToAsync(copy, cancellationToken);
            copy.Flush(flushToDisk: true);
        }

        File.Copy(optionsFile, OptionsPath(index));
    }

    public string FolderOf(IndexKey index) =>
        Path.Combine(root, index.Collection.Tenant.Name, index.Collection.Name, index.Generation.ToString(CultureInfo.InvariantCulture));

    /// <summary>With what was set aside of it: what is deleted is nowhere on the disk any more.</summary>
    public void Delete(IndexKey index)
    {
        var collection = Path.GetDirectoryName(FolderOf(index))!;
        if (!Directory.Exists(collection))
        {
            return;
        }

        File.Delete(OptionsPath(index));
        foreach (var folder in Directory.GetDirectories(collection, $"{Path.GetFileName(FolderOf(index))}{AsideMark}*").Append(FolderOf(index)).Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
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
}
