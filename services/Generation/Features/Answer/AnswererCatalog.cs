using Microsoft.Extensions.Options;

namespace RagPlatform.Generation.Features.Answer;

/// <summary>The answering models by name.</summary>
internal sealed class AnswererCatalog(IEnumerable<IAnswerer> answerers, IOptions<GenerationOptions> options)
{
    private readonly Dictionary<string, IAnswerer> byModel =
        answerers.Where(answerer => answerer.Model is not null).ToDictionary(answerer => answerer.Model!);

    public IEnumerable<string> Models => byModel.Keys.Order(StringComparer.Ordinal);

    public string DefaultModel => options.Value.DefaultModel;

    /// <param name="model">The default when empty.</param>
    /// <exception cref="Grpc.Errors.ServiceException">No such model, or it lacks a setting.</exception>
    public IAnswerer Resolve(string model)
    {
        model = model.Length == 0 ? DefaultModel : model;
        if (byModel.TryGetValue(model, out var answerer))
        {
            return answerer;
        }

        if (model.StartsWith(ModelNames.OpenAIPrefix, StringComparison.Ordinal) && MissingSetting(options.Value.OpenAI) is { } setting)
        {
            throw GenerationErrors.ModelNotConfigured(model, setting);
        }

        throw GenerationErrors.ModelUnknown(model, Models);
    }

    private static string? MissingSetting(OpenAIOptions openAI) =>
        openAI.BaseUrl.Length == 0 ? "Generation:OpenAI:BaseUrl"
        : openAI.Model.Length == 0 ? "Generation:OpenAI:Model"
        : null;
}
