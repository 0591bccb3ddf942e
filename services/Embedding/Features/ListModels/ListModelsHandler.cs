using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.ListModels;

internal enum ModelState
{
    /// <summary>On disk, and loaded or not yet asked for.</summary>
    Ready,
    /// <summary>Being pulled or loaded.</summary>
    Pulling,
    Missing,
    /// <summary>On disk, but its files do not load.</summary>
    Failed,
}

/// <param name="Id">Its name.</param>
/// <param name="State">Whether it can be used.</param>
/// <param name="Folder">Null while its files are not here.</param>
/// <param name="Loaded">Null while it is not in memory.</param>
/// <param name="License">SPDX identifier; empty for a folder put there by hand.</param>
/// <param name="IsDefault">Used when a request names no model.</param>
internal sealed record ModelSummary(string Id, ModelState State, ModelFolder? Folder, LoadedModel? Loaded, string License, bool IsDefault);

internal sealed class ListModelsHandler(ModelStore store, ModelCatalog catalog, ModelHost host)
{
    public IEnumerable<ModelSummary> Handle() => store.KnownIds.Select(Summarize);

    private ModelSummary Summarize(string id)
    {
        var folder = store.Find(id);
        var preparation = host.Find(id);
        var state = preparation is { Model.IsCompleted: false } ? ModelState.Pulling
            : folder is null ? ModelState.Missing
            : preparation is { Model.IsFaulted: true } ? ModelState.Failed
            : ModelState.Ready;
        var loaded = preparation is { Model.IsCompletedSuccessfully: true } ? preparation.Model.Result : null;
        return new ModelSummary(id, state, folder, loaded, catalog.Find(id)?.License ?? "", id == host.DefaultId);
    }
}
