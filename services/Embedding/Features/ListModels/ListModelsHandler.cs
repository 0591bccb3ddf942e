using System.Globalization;
using RagPlatform.Embedding.Features.PullModel;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Providers;
using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.ListModels;

internal enum ModelState
{
    /// <summary>On disk, and loaded or not yet asked for.</summary>
    Ready,
    /// <summary>Being pulled or loaded.</summary>
    Pulling,
    Missing,
    /// <summary>Its folder holds no whole model.</summary>
    Incomplete,
    /// <summary>On disk, but its files do not load.</summary>
    Failed,
}

/// <param name="Entry">What the store knows of it.</param>
/// <param name="State">Whether it can be used.</param>
/// <param name="Detail">Why not, or how far it is; else empty.</param>
/// <param name="Loaded">Null while it is not in memory.</param>
/// <param name="IsDefault">Used when a request names no model.</param>
internal sealed record ModelSummary(ModelEntry Entry, ModelState State, string Detail, LoadedModel? Loaded, bool IsDefault);

/// <param name="Model">A provider's.</param>
/// <param name="IsDefault">Used when a request names no model.</param>
internal sealed record RemoteSummary(RemoteModel Model, bool IsDefault);

/// <param name="Models">Whose files are or can be here.</param>
/// <param name="Remote">Computed elsewhere.</param>
/// <param name="Problems">With the file of pins.</param>
internal sealed record ModelList(IReadOnlyList<ModelSummary> Models, IReadOnlyList<RemoteSummary> Remote, IReadOnlyList<string> Problems);

internal sealed class ListModelsHandler(ModelStore store, ModelHost host, RemoteModels remote, ModelPulls pulls)
{
    public ModelList Handle() => new(
        [.. store.List().Select(Summarize)], [.. remote.All.Select(model => new RemoteSummary(model, model.Id == host.DefaultId))], store.Problems);

    public ModelSummary Summarize(ModelEntry entry)
    {
        var preparation = host.Find(entry.Id);
        var pull = pulls.Find(entry.Id);
        var (state, detail) =
            pull is not null ? (ModelState.Pulling, pull.Progress.Status)
            : preparation is { Model.IsCompleted: false } ? (ModelState.Pulling, preparation.Status)
            : entry.Problem.Length > 0 ? (ModelState.Incomplete, entry.Problem)
            : entry.Folder is null ? (ModelState.Missing, Partial(entry))
            : preparation is { Model.IsFaulted: true } ? (ModelState.Failed, preparation.Status)
            : (ModelState.Ready, "");
        var loaded = preparation is { Model.IsCompletedSuccessfully: true } ? preparation.Model.Result : null;
        return new ModelSummary(entry, state, detail, loaded, entry.Id == host.DefaultId);
    }

    private static string Partial(ModelEntry entry) => entry.PartialBytes == 0 ? "" : string.Create(
        CultureInfo.InvariantCulture, $"{entry.PartialBytes / 1e6:0.0} MB of an interrupted pull are here; pull again to go on");
}
