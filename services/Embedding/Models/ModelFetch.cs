using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Models;

/// <summary>Gets a model's files from the first of its sources that gives them as they are pinned.</summary>
/// <param name="fetchers">At most one per kind of source.</param>
/// <param name="partialOf">The folder to work in.</param>
internal sealed class ModelFetch(IReadOnlyList<IModelFetcher> fetchers, Func<string, ModelSource, string> partialOf)
{
    /// <returns>The model, in the target folder, which came into being whole.</returns>
    /// <exception cref="ModelPullException">No source gave the model; with every reason.</exception>
    public async Task<ModelFolder> FetchAsync(CatalogModel model, string target, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var reasons = new List<string>();
        foreach (var source in model.Sources)
        {
            try
            {
                var partial = await FetchAsync(model.Id, source, progress, cancellationToken);
                Directory.Move(partial, target);
                foreach (var other in model.Sources.Select(other => partialOf(model.Id, other)).Where(Directory.Exists))
                {
                    Directory.Delete(other, recursive: true);
                }

                return new ModelFolder(model.Id, target, source.ToString()) { Prefixes = model.Prefixes };
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

    private async Task<string> FetchAsync(string id, ModelSource source, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var fetcher = fetchers.FirstOrDefault(candidate => candidate.Kind == source.Kind) ?? throw new ModelSourceException("this kind of source is switched off");
        var partial = Directory.CreateDirectory(partialOf(id, source)).FullName;
        RequireRoom(source, partial);
        await fetcher.FetchAsync(source, partial, progress, cancellationToken);
        await VerifyAsync(source, partial, progress, cancellationToken);
        RequireModel(new ModelFolder(id, partial, source.ToString()));
        return partial;
    }

    private static void RequireRoom(ModelSource source, string partial)
    {
        var missing = source.TotalBytes - ModelFolder.BytesIn(partial);
        var free = new DriveInfo(partial).AvailableFreeSpace;
        if (missing > free)
        {
            throw new ModelSourceException($"{missing} more bytes are needed, and only {free} are free in {Path.GetDirectoryName(partial)}");
        }
    }

    /// <summary>A file that is not as pinned is removed, so that no later pull resumes from it.</summary>
    private static async Task VerifyAsync(ModelSource source, string folder, IProgress<PullProgress> progress, CancellationToken cancellationToken)
    {
        var doneBytes = 0L;
        foreach (var file in source.Files)
        {
            var check = await PinnedFiles.CheckAsync(
                folder, file, bytes => progress.Report(new PullProgress(PullSteps.Verifying, file.Name, doneBytes += bytes, source.TotalBytes)), cancellationToken);
            switch (check.Outcome)
            {
                case FileCheckOutcome.Missing:
                    throw new ModelSourceException($"{file.Name} is missing");
                case FileCheckOutcome.Different:
                    File.Delete(Path.Combine(folder, file.Name));
                    throw new ModelSourceException($"{file.Name} is not the pinned file: SHA-256 {check.Actual}, expected {check.Expected}");
            }
        }

        progress.Report(new PullProgress(PullSteps.Verifying, "every file is as pinned", doneBytes, source.TotalBytes));
    }

    private static void RequireModel(ModelFolder folder)
    {
        try
        {
            ModelDescription.Read(folder);
        }
        catch (InvalidDataException exception)
        {
            throw new ModelSourceException($"its files make no model that can be used: {exception.Message.TrimEnd('.')}", exception);
        }
    }
}
