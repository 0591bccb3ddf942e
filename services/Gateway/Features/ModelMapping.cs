using Downstream = RagPlatform.Protos.Embedding.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features;

/// <summary>A model as several RPCs tell it.</summary>
internal static class ModelMapping
{
    public static V1.Model ToGateway(this Downstream.Model model) => new()
    {
        Id = model.Id,
        Kind = model.Kind,
        State = model.State,
        Dimension = model.Dimension,
        MaxTokens = model.MaxTokens,
        SizeBytes = model.SizeBytes,
        Source = model.Source,
        License = model.License,
        Revision = model.Revision,
        Detail = model.Detail,
        IsDefault = model.IsDefault,
        IsLoaded = model.IsLoaded,
    };
}
