using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.ListModels;

internal static class ListModelsMapping
{
    public static ListModelsResponse ToResponse(this IEnumerable<ModelSummary> models) => new() { Models = { models.Select(ToModel) } };

    private static Model ToModel(ModelSummary model) => new()
    {
        Id = model.Id,
        State = StateName(model.State),
        Dimension = model.Loaded?.Dimension ?? 0,
        MaxTokens = model.Loaded?.MaxTokens ?? 0,
        SizeBytes = model.Folder?.SizeBytes ?? 0,
        Source = model.Folder?.Source ?? "",
        License = model.License,
        IsDefault = model.IsDefault,
    };

    private static string StateName(ModelState state) => state switch
    {
        ModelState.Ready => "ready",
        ModelState.Pulling => "pulling",
        ModelState.Failed => "failed",
        _ => "missing",
    };
}
