using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

internal static class ModelMapping
{
    public static Model ToModel(this V1.Model model) => new()
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

    public static ModelDetails ToDetails(this V1.ShowModelResponse shown) => new(
        shown.Model.ToModel(), shown.Architecture, shown.Parameters, shown.VocabularySize, shown.WeightType,
        [.. shown.Files.Select(file => new ModelFile(file.Name, file.SizeBytes, file.Sha256))], shown.Folder, [.. shown.Collections]);

    public static ModelCheck ToCheck(this V1.VerifyModelResponse step) =>
        new(step.Model, step.File, (ModelFileResult)step.Result, step.Expected, step.Actual, step.Remedy, step.DoneBytes, step.TotalBytes);
}
