using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Adapters;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>
/// Promoted retrievers and rerankers, as folders of the models directory that the Embedding service reads: each is written
/// beside its place under a hidden name and renamed in one step, so that it is there whole or not at all. A version keeps
/// its folder when another is promoted, for collections that are built with it; deleting the adapter deletes it.
/// </summary>
internal sealed class PublishedModels(AdapterFolders folders, IOptions<AdapterOptions> options, TimeProvider time)
{
    /// <summary>In the folder: the id of the adapter that it is of. Its name may be another model's too.</summary>
    private const string OwnerFile = "adapter-id.txt";

    private const int MaxNameCharacters = 96;

    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    public static bool Publishes(string method) => method is "retriever" or "reranker";

    /// <summary>PROJECT-SUFFIX-VERSION, with the tenant before it unless it is "default": the model's name in the Embedding service.</summary>
    public static string NameOf(Adapter adapter)
    {
        var name = $"{adapter.Name.Replace('/', '-')}-{adapter.Version}";
        var full = adapter.Tenant == "default" ? name : $"{adapter.Tenant}.{name}";
        // Two long names that begin alike must not become one.
        return full.Length <= MaxNameCharacters ? full : $"{full[..(MaxNameCharacters - 25)]}-{adapter.Id[AdapterReference.IdPrefix.Length..]}";
    }

    /// <summary>Again: nothing.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">FailedPrecondition: the models directory cannot be written, or another model has the name.</exception>
    public async Task PublishAsync(Adapter adapter, CancellationToken cancellationToken)
    {
        var target = Path.Combine(options.Value.ModelsDirectory, NameOf(adapter));
        if (Directory.Exists(target))
        {
            if (IsOf(adapter, target))
            {
                return;
            }

            throw AdapterErrors.ModelNameTaken(adapter, NameOf(adapter));
        }

        // A name of its own: another service may be at the same.
        var hidden = Path.Combine(options.Value.ModelsDirectory, $"{HiddenPrefix(adapter)}.{Guid.NewGuid():N}.partial");
        try
        {
            Directory.CreateDirectory(options.Value.ModelsDirectory);
            DeleteAbandoned(adapter);
            await CopyAsync(folders.Of(adapter.Id), hidden, cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(hidden, OwnerFile), adapter.Id, cancellationToken);
            Directory.Move(hidden, target);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            if (!IsOf(adapter, target))
            {
                throw AdapterErrors.CannotPublish(adapter, exception.Message, exception);
            }
        }
        finally
        {
            DeleteIfThere(hidden);
        }
    }

    /// <summary>Renamed away first, for at no time is half a model to be seen.</summary>
    public void Remove(Adapter adapter)
    {
        if (!Publishes(adapter.Method))
        {
            return;
        }

        var target = Path.Combine(options.Value.ModelsDirectory, NameOf(adapter));
        var hidden = Path.Combine(options.Value.ModelsDirectory, $"{HiddenPrefix(adapter)}.removed");
        DeleteIfThere(hidden);
        if (IsOf(adapter, target))
        {
            Directory.Move(target, hidden);
            DeleteIfThere(hidden);
        }
    }

    /// <summary>The id of the adapter that a folder of the models directory was published of; null where it is no adapter's.</summary>
    public static string? OwnerOf(string folder)
    {
        var owner = Path.Combine(folder, OwnerFile);
        return File.Exists(owner) ? File.ReadAllText(owner) : null;
    }

    private static string HiddenPrefix(Adapter adapter) => $".{NameOf(adapter)}.{adapter.Id}";

    /// <summary>Copies that a crash left.</summary>
    private void DeleteAbandoned(Adapter adapter)
    {
        foreach (var left in new DirectoryInfo(options.Value.ModelsDirectory).GetDirectories($"{HiddenPrefix(adapter)}*.partial"))
        {
            if (left.LastWriteTimeUtc < time.GetUtcNow().UtcDateTime - AbandonedAfter)
            {
                left.Delete(recursive: true);
            }
        }
    }

    private static bool IsOf(Adapter adapter, string folder) => OwnerOf(folder) == adapter.Id;

    private static async Task CopyAsync(string source, string target, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(target);
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            await using var from = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.Asynchronous | FileOptions.SequentialScan);
            await using var to = new FileStream(copy, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.Asynchronous);
            await from.CopyToAsync(to, 1024 * 1024, cancellationToken);
            to.Flush(flushToDisk: true);
        }
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
