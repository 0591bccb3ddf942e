using Downstream = RagPlatform.Protos.Embedding.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.ShowModel;

internal static class ShowModelMapping
{
    public static V1.ShowModelResponse ToGateway(this Downstream.ShowModelResponse shown, IEnumerable<string> collections) => new()
    {
        Model = shown.Model.ToGateway(),
        Architecture = shown.Architecture,
        Parameters = shown.Parameters,
        VocabularySize = shown.VocabularySize,
        WeightType = shown.WeightType,
        Files = { shown.Files.Select(file => new V1.ModelFile { Name = file.Name, SizeBytes = file.SizeBytes, Sha256 = file.Sha256 }) },
        Folder = shown.Folder,
        Collections = { collections },
    };
}
