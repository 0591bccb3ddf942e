using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.Embed;

internal sealed record EmbedAnswer(IEmbeddingModel Model, EmbedResult Result);

internal sealed class EmbedHandler(EmbeddingModels models, RememberingEmbedder embedder)
{
    public async Task<EmbedAnswer> HandleAsync(string modelId, JobPriority priority, EmbedInput input, CancellationToken cancellationToken)
    {
        EmbedValidation.Check(input, priority);
        var model = await models.GetAsync(modelId, cancellationToken);
        return new EmbedAnswer(model, await embedder.EmbedAsync(model, input.TextsFor(model), priority, refuseWhenFull: true, cancellationToken));
    }
}
