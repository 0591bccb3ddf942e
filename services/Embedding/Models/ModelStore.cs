using System.Security.Cryptography;

namespace RagPlatform.Embedding.Models;

/// <summary>
/// The models on this machine: one folder each, whole or absent. A pull works in a hidden folder beside the final one,
/// verifies every file's size and SHA-256, and renames the folder in one step.
/// </summary>
/// <param name="directory">Holds one folder per model; made when missing.</param>
/// <param name="catalog">What can be pulled.</param>
/// <param name="fetchers">At most one per kind of source; a source without a fetcher is passed over.</param>
/// <param name="time">For waiting on another process's pull.</param>
public sealed class ModelStore(string directory, ModelCatalog catalog, IReadOnlyList<IModelFetcher> fetchers, TimeProvider time)
{
    private readonly string directory = Path.GetFullPath(directory);

    /// <summary>Every id that can be asked for: those of the catalog, then those of folders put there by hand.</summary>
    public IReadOnlyList<string> KnownIds => [.. catalog.Models.Select(model => model.Id).Union(FolderIds())];

    /// <summary>The complete model of that id, or null.</summary>
    public ModelFolder? Find(string id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (!KnownIds.Contains(id))
        {
            return null;
        }

        var path = Path.Combine(directory, id);
        if (catalog.Find(id)?.Sources.FirstOrDefault(source => Holds(path, source)) is { } origin)
        {
            return new ModelFolder(id, path, origin.ToString());
        }

        return ModelFolder.IsModel(path) ? new ModelFolder(id, path, ModelFolder.PutByHand) : null;
    }

    /// <summary>The model, fetched from the first source that gives it when it is not here yet. Idempotent.</summary>
    /// <exception cref="ModelPullException">The id is unknown, its folder is in the way, or no source gave it.</exception>
    public async Task<ModelFolder> PullAsync(string id, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(progress);
        if (Find(id) is { } present)
        {
            return present;
        }

        var model = catalog.Find(id)
            ?? throw new ModelPullException($"model: '{id}' is unknown. Known: {string.Join(", ", KnownIds)}. Or put its folder into {directory}.");
        try
        {
            Directory.CreateDirectory(directory);
            return await PullLockedAsync(model, progress, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelPullException($"The models directory {directory} cannot be written: {exception.Message}. Free space or give the right to write there, then pull again.", exception);
        }
    }

    private async Task<ModelFolder> PullLockedAsync(CatalogModel model, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        using var pullLock = await PullLock.AcquireAsync(Path.Combine(directory, $".{model.Id}.lock"), progress, time, cancellationToken);
        if (Find(model.Id) is { } pulledMeanwhile)
        {
            return pulledMeanwhile;
        }

        var target = Path.Combine(directory, model.Id);
        if (Directory.Exists(target))
        {
            throw new ModelPullException($"The folder {target} exists but holds no complete model. Remove it or complete it, then pull again.");
        }

        return await FetchAsync(model, target, progress, cancellationToken);
    }

    private async Task<ModelFolder> FetchAsync(CatalogModel model, string target, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        foreach (var source in model.Sources)
        {
            var partial = Partial(model, source);
            try
            {
                var fetcher = fetchers.FirstOrDefault(candidate => candidate.Kind == source.Kind)
                    ?? throw new ModelSourceException("this kind of source is switched off");
                Directory.CreateDirectory(partial);
                await fetcher.FetchAsync(source, partial, progress, cancellationToken);
                await VerifyAsync(source, partial, progress, cancellationToken);
                Directory.Move(partial, target);
                RemoveOtherPartials(model);
                return new ModelFolder(model.Id, target, source.ToString());
            }
            catch (ModelSourceException exception)
            {
                reasons.Add($"{source}: {exception.Message}");
                progress.Report(new PullProgress(PullSteps.Skipped, reasons[^1]));
            }
        }

        throw new ModelPullException(
            $"No source gave the model '{model.Id}'. {string.Join("; ", reasons)}. Pull again when one of them can be reached, or copy the model's folder to {target}.");
    }

    /// <summary>A file that is not as pinned is removed, so that no later pull resumes from it.</summary>
    private static async Task VerifyAsync(ModelSource source, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var doneBytes = 0L;
        foreach (var file in source.Files)
        {
            progress.Report(new PullProgress(PullSteps.Verifying, file.Name, doneBytes, source.TotalBytes));
            var path = Path.Combine(folder, file.Name);
            if (!File.Exists(path))
            {
                throw new ModelSourceException($"{file.Name} is missing");
            }

            var hash = await HashAsync(path, cancellationToken);
            if (hash != file.Sha256)
            {
                var actualBytes = new FileInfo(path).Length;
                File.Delete(path);
                throw new ModelSourceException(
                    $"{file.Name} is not the pinned file: {actualBytes} bytes with SHA-256 {hash}, expected {file.Bytes} bytes with {file.Sha256}");
            }

            doneBytes += file.Bytes;
        }

        progress.Report(new PullProgress(PullSteps.Verifying, "every file is as pinned", doneBytes, source.TotalBytes));
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private static bool Holds(string path, ModelSource source) =>
        source.Files.All(file => new FileInfo(Path.Combine(path, file.Name)) is { Exists: true } info && info.Length == file.Bytes);

    private IEnumerable<string> FolderIds() =>
        Directory.Exists(directory)
            ? Directory.EnumerateDirectories(directory)
                .Select(path => Path.GetFileName(path))
                .Where(name => !name.StartsWith('.') && ModelFolder.IsModel(Path.Combine(directory, name)))
                .Order(StringComparer.Ordinal)
            : [];

    /// <summary>Named by the version too, so that a pull never resumes from another version's bytes.</summary>
    private string Partial(CatalogModel model, ModelSource source) =>
        Path.Combine(directory, $".{model.Id}.{source.Kind}-{source.Version}.partial");

    private void RemoveOtherPartials(CatalogModel model)
    {
        foreach (var leftover in Directory.EnumerateDirectories(directory, $".{model.Id}.*.partial"))
        {
            Directory.Delete(leftover, recursive: true);
        }
    }
}
