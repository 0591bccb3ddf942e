using Embedders = RagPlatform.Protos.Embedding.V1;
using Generators = RagPlatform.Protos.Generation.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.ListModels;

internal static class ListModelsMapping
{
    public static V1.ListModelsResponse ToGateway(this Embedders.ListModelsResponse embedders, Generators.ListModelsResponse generators) =>
        new() { Models = { embedders.Models.Select(ModelMapping.ToGateway), generators.Models.Select(ToGateway) }, Problems = { embedders.Problems } };

    /// <summary>A generation service lists only what it can call.</summary>
    private static V1.Model ToGateway(Generators.Model model) => new() { Id = model.Id, Kind = "generation", State = "ready", IsDefault = model.IsDefault };
}
