using RagPlatform.Embedding.Models;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.ListModels;

internal static class ListModelsMapping
{
    public static ListModelsResponse ToResponse(this ModelList list) => new() { Models = { list.Models.Select(ToModel), list.Remote.Select(ToModel) }, Problems = { list.Problems } };

    public static Model ToModel(this ModelSummary model)
    {
        var entry = model.Entry;
        return new Model
        {
            Id = entry.Id,
            Kind = entry.Kind?.ToString().ToLowerInvariant() ?? "",
            State = model.State.ToString().ToLowerInvariant(),
            Detail = model.Detail,
            Dimension = model.Loaded?.Dimension ?? entry.Description?.Dimension ?? 0,
            MaxTokens = model.Loaded?.MaxTokens ?? entry.Description?.MaxTokens ?? 0,
            SizeBytes = entry.Folder?.SizeBytes ?? 0,
            Source = SourceOf(entry),
            Revision = (entry.Source ?? PinOf(entry))?.Version ?? "",
            License = entry.Pin?.License ?? "",
            IsDefault = model.IsDefault,
            IsLoaded = model.Loaded is not null,
        };
    }

    private static Model ToModel(RemoteSummary remote) => new()
    {
        Id = remote.Model.Id,
        Kind = "encoder",
        State = "remote",
        Dimension = remote.Model.Dimension,
        MaxTokens = remote.Model.MaxTokens,
        Source = remote.Model.Provider,
        IsDefault = remote.IsDefault,
    };

    /// <summary>Of a model that is not here, where it would come from first.</summary>
    private static string SourceOf(ModelEntry entry) =>
        entry.Folder?.Source ?? PinOf(entry)?.ToString() ?? ModelFolder.PutByHand;

    /// <summary>What a model that is not here is pinned to first.</summary>
    private static ModelSource? PinOf(ModelEntry entry) => entry.Folder is null && entry.Problem.Length == 0 ? entry.Pin?.Sources[0] : null;
}
