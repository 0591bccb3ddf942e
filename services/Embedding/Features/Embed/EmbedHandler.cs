using RagPlatform.Embedding.Serving;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Features.Embed;

internal sealed record EmbedAnswer(LoadedModel Model, JobResult<TextEmbedding> Result);

internal sealed class EmbedHandler(ModelHost host, LocalEmbedding embedding)
{
    public async Task<EmbedAnswer> HandleAsync(string modelId, JobPriority priority, EmbedInput input, CancellationToken cancellationToken)
    {
        EmbedValidation.Check(input, priority);
        var model = host.Get(modelId);
        IReadOnlyList<string> texts = input.Passages.Count == 0
            ? input.Texts
            : [.. input.Passages.Select(passage => PassageText.Compose(passage.Title, passage.HeadingPath, passage.Text, model.Embedder))];
        return new EmbedAnswer(model, await embedding.EmbedAsync(model, texts, priority, refuseWhenFull: true, cancellationToken));
    }
}
