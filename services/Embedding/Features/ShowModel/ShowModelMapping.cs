using RagPlatform.Embedding.Features.ListModels;
using RagPlatform.Protos.Embedding.V1;

namespace RagPlatform.Embedding.Features.ShowModel;

internal static class ShowModelMapping
{
    public static ShowModelResponse ToResponse(this ModelDetails details)
    {
        var description = details.Summary.Entry.Description;
        return new ShowModelResponse
        {
            Model = details.Summary.ToModel(),
            Architecture = description?.Architecture ?? "",
            Parameters = description?.Parameters ?? 0,
            VocabularySize = description?.VocabularySize ?? 0,
            WeightType = description?.WeightType ?? "",
            Files = { details.Files.Select(file => new ModelFile { Name = file.Name, SizeBytes = file.Bytes, Sha256 = file.Sha256 }) },
            Folder = details.Summary.Entry.Folder?.Path ?? "",
        };
    }
}
