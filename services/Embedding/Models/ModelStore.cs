using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Models;

/// <summary>
/// The models on this machine: one folder each, whole or absent. A pull works in a hidden folder beside the final one,
/// verifies every file's size and SHA-256, and renames the folder in one step; a removal renames it away first.
/// </summary>
/// <param name="directory">Holds one folder per model, and models.json with what was pinned here; made when missing.</param>
/// <param name="catalog">What is built in.</param>
/// <param name="fetchers">At most one per kind of source; a source without a fetcher is passed over.</param>
/// <param name="time">For waiting on another process.</param>
public sealed class ModelStore(string directory, ModelCatalog catalog, IReadOnlyList<IModelFetcher> fetchers, TimeProvider time)
{
    private readonly string directory = Path.GetFullPath(directory);
    private readonly PinFile pins = new(Path.GetFullPath(directory), catalog);

    /// <summary>Every id that can be asked for: those built in, those pinned here, then other folders.</summary>
    public IReadOnlyList<string> KnownIds => [.. Pinned().Models.Select(model => model.Id).Union(FolderIds())];

    /// <summary>Whether the name is one of the built-in catalog's.</summary>
    public bool IsBuiltIn(string id) => catalog.Find(id) is not null;

    /// <summary>What is wrong with models.json, each naming its entry.</summary>
    public IReadOnlyList<string> Problems => pins.Read().Problems;

    /// <summary>Every known id, in the order of <see cref="KnownIds"/>.</summary>
    public IReadOnlyList<ModelEntry> List()
    {
        var pinned = Pinned();
        return [.. pinned.Models.Select(model => model.Id).Union(FolderIds()).Select(id => Inspect(id, pinned.Find(id))).OfType<ModelEntry>()];
    }

    /// <summary>What there is under a name, or null when it is not known.</summary>
    public ModelEntry? Inspect(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        return ModelNames.IsId(id) ? Inspect(id, Pinned().Find(id)) : null;
    }

    /// <summary>The complete model of that id, or null.</summary>
    public ModelFolder? Find(string id) => Inspect(id)?.Folder;

    /// <summary>The model, fetched from the first source that gives it when it is not here yet. Idempotent.</summary>
    /// <exception cref="ModelPullException">The id is unknown, its folder is in the way, or no source gave it.</exception>
    public async Task<ModelFolder> PullAsync(string id, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(progress);
        var entry = Inspect(id);
        if (entry?.Folder is { } present)
        {
            return present;
        }

        var model = entry?.Pin ?? throw (entry is null
            ? new ModelPullException($"model: '{id}' is unknown. Known: {string.Join(", ", KnownIds)}. Or put its folder into {directory}.")
            : InTheWay(id, entry.Problem));
        return await WriteAsync(async () =>
        {
            using var pullLock = await LockAsync(id, progress, cancellationToken);
            var now = Inspect(id);
            if (now?.Folder is { } pulledMeanwhile)
            {
                return pulledMeanwhile;
            }

            return Directory.Exists(FolderOf(id))
                ? throw InTheWay(id, now?.Problem ?? "")
                : await new ModelFetch(fetchers, Partial).FetchAsync(model, FolderOf(id), progress, cancellationToken);
        });
    }

    /// <summary>Adds a model that is made here: whole, or not at all.</summary>
    /// <param name="id">Not in use.</param>
    /// <param name="write">Writes the model's files into the folder that it is given.</param>
    /// <param name="progress">Told of waiting for another process.</param>
    /// <param name="cancellationToken">Ends it; nothing stays.</param>
    /// <exception cref="ModelPullException">The name is in use, what was written is no model, or the directory cannot be written.</exception>
    public Task<ModelFolder> AddAsync(string id, Func<string, CancellationToken, Task> write, IProgress<PullProgress> progress, CancellationToken cancellationToken) => WriteAsync(async () =>
    {
        using var pullLock = await LockAsync(id, progress, cancellationToken);
        if (Inspect(id) is not null)
        {
            throw new ModelPullException($"The name '{id}' is in use. Choose another, or remove it first (rag models remove {id}).");
        }

        var hidden = Path.Combine(directory, $".{id}.made.partial");
        DeleteIfThere(hidden);
        Directory.CreateDirectory(hidden);
        try
        {
            await write(hidden, cancellationToken);
            ModelDescription.Read(new ModelFolder(id, hidden, ModelFolder.PutByHand));
            Directory.Move(hidden, FolderOf(id));
        }
        catch (InvalidDataException exception)
        {
            throw new ModelPullException($"What was made is no whole model: {exception.Message}", exception);
        }
        finally
        {
            DeleteIfThere(hidden);
        }

        return new ModelFolder(id, FolderOf(id), ModelFolder.PutByHand);
    });

    /// <summary>Deletes the model's files, what an interrupted pull left of it, and its pin. At no time is half a model to be seen.</summary>
    /// <returns>Bytes that were freed; 0 when nothing was here.</returns>
    /// <exception cref="ModelPullException">The directory cannot be written.</exception>
    public Task<long> RemoveAsync(string id, IProgress<PullProgress> progress, CancellationToken cancellationToken) => WriteAsync(async () =>
    {
        using var pullLock = await LockAsync(id, progress, cancellationToken);
        List<string> leavings = [.. Partials(id)];
        var freed = leavings.Sum(ModelFolder.BytesIn);
        if (Directory.Exists(FolderOf(id)))
        {
            var hidden = Path.Combine(directory, $".{id}.{Guid.NewGuid():N}.removed");
            freed += ModelFolder.BytesIn(FolderOf(id));
            Directory.Move(FolderOf(id), hidden);
            leavings.Add(hidden);
        }

        await ChangePinsAsync(() => pins.Remove(id), progress, cancellationToken);
        // Those of a removal that was interrupted too.
        foreach (var leaving in leavings.Union(Directory.EnumerateDirectories(directory, ".*.removed")))
        {
            DeleteBesideOthers(leaving);
        }

        return freed;
    });

    /// <summary>Keeps a pin, in models.json.</summary>
    internal Task PinAsync(CatalogModel model, IProgress<PullProgress> progress, CancellationToken cancellationToken) => WriteAsync(async () =>
    {
        await ChangePinsAsync(() => pins.Write(model), progress, cancellationToken);
        return true;
    });

    /// <summary>The hidden folder of a pull; named by the version too, so that a pull never resumes from another version's bytes.</summary>
    internal string Partial(string id, ModelSource source) => Path.Combine(directory, $".{id}.{source.Kind}-{source.Version}.partial");

    private ModelEntry? Inspect(string id, CatalogModel? pin)
    {
        var path = FolderOf(id);
        if (!Directory.Exists(path))
        {
            return pin is null ? null : new ModelEntry(id, pin, null, null, null, "", Partials(id).Sum(ModelFolder.BytesIn));
        }

        var source = pin?.Sources.FirstOrDefault(source => Holds(path, source));
        var folder = new ModelFolder(id, path, source?.ToString() ?? ModelFolder.PutByHand) { Prefixes = pin?.Prefixes };
        try
        {
            return new ModelEntry(id, pin, source, folder, ModelDescription.Read(folder), "", 0);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return new ModelEntry(id, pin, source, null, null, exception.Message, 0);
        }
    }

    private ModelCatalog Pinned() => new([.. catalog.Models, .. pins.Read().Models]);

    /// <summary>Where the model's files are, once they are.</summary>
    internal string FolderOf(string id) => Path.Combine(directory, id);

    private Task<IDisposable> LockAsync(string id, IProgress<PullProgress> progress, CancellationToken cancellationToken) =>
        PullLock.AcquireAsync(Path.Combine(directory, $".{id}.lock"), progress, time, cancellationToken);

    private async Task ChangePinsAsync(Action change, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        using var pinLock = await PullLock.AcquireAsync(Path.Combine(directory, $".{PinFile.FileName}.lock"), progress, time, cancellationToken);
        change();
    }

    /// <exception cref="ModelPullException">The directory cannot be written.</exception>
    internal async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        try
        {
            Directory.CreateDirectory(directory);
            return await write();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelPullException($"The models directory {directory} cannot be written: {exception.Message}. Free space or give the right to write there, then pull again.", exception);
        }
    }

    private static void DeleteIfThere(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Another removal may be deleting the same leavings.</summary>
    private static void DeleteBesideOthers(string folder)
    {
        while (Directory.Exists(folder))
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // The other was first, here or further in.
            }
        }
    }

    private ModelPullException InTheWay(string id, string problem) =>
        new($"The folder {FolderOf(id)} exists but holds no complete model: {problem} Remove it (rag models remove {id}) or complete it, then pull again.");

    private static bool Holds(string path, ModelSource source) =>
        source.Files.All(file => new FileInfo(Path.Combine(path, file.Name)) is { Exists: true } info && info.Length == file.Bytes);

    private IEnumerable<string> FolderIds() =>
        Directory.Exists(directory)
            ? Directory.EnumerateDirectories(directory).Where(ModelFileChoice.HasAny).Select(path => Path.GetFileName(path)).Where(ModelNames.IsId).Order(StringComparer.Ordinal)
            : [];

    private IEnumerable<string> Partials(string id) =>
        Directory.Exists(directory) ? Enum.GetValues<ModelSourceKind>().SelectMany(kind => Directory.EnumerateDirectories(directory, $".{id}.{kind}-*.partial")) : [];
}
