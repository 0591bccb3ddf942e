using RagPlatform.Embedding.Features.ListModels;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.ShowModel;

/// <param name="Summary">As in the list.</param>
/// <param name="Files">That are here; of a model that is not, those it is pinned to.</param>
internal sealed record ModelDetails(ModelSummary Summary, IReadOnlyList<ModelFile> Files);

internal sealed class ShowModelHandler(ModelStore store, ModelHost host, ListModelsHandler list)
{
    /// <summary>More are not listed; a model has a few, and hundreds of shards at most.</summary>
    private const int MaxFiles = 4096;

    /// <param name="modelId">The default model when empty.</param>
    /// <exception cref="Grpc.Errors.ServiceException">Unknown.</exception>
    public ModelDetails Handle(string modelId)
    {
        var id = modelId.Length > 0 ? modelId : host.DefaultId;
        var entry = store.Inspect(id) ?? throw EmbeddingErrors.UnknownModel(id, store.KnownIds);
        return new ModelDetails(list.Summarize(entry), entry.Folder is { } folder ? FilesIn(folder.Path, entry.Source) : entry.Pin?.Sources[0].Files ?? []);
    }

    private static List<ModelFile> FilesIn(string folder, ModelSource? source)
    {
        var pins = source?.Files.ToDictionary(file => file.Name, file => file.Sha256) ?? [];
        return
        [
            .. new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Take(MaxFiles)
                .Select(file => (Name: Path.GetRelativePath(folder, file.FullName).Replace(Path.DirectorySeparatorChar, '/'), file.Length))
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => new ModelFile(file.Name, file.Length, pins.GetValueOrDefault(file.Name, ""))),
        ];
    }
}
