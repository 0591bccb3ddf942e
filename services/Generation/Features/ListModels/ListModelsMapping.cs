using RagPlatform.Protos.Generation.V1;

namespace RagPlatform.Generation.Features.ListModels;

/// <summary>Domain to proto, for ListModels only.</summary>
internal static class ListModelsMapping
{
    public static ListModelsResponse ToProto(IEnumerable<string> models, string defaultModel) =>
        new() { Models = { models.Select(model => new Model { Id = model, IsDefault = model == defaultModel }) } };
}
