using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Serving;

/// <summary>A model in this process: texts are tokenised on the caller's thread and computed when the model's queue comes to them.</summary>
/// <param name="loaded">Computes.</param>
/// <param name="queues">Lead to it.</param>
/// <param name="used">Told of every use, so that a model that one caller goes on using counts as used.</param>
internal sealed class LocalModel(LoadedModel loaded, ModelQueues queues, Action used) : IEmbeddingModel
{
    private readonly LoadedEncoder model = loaded.RequireEncoder();

    public string Id => model.Id;

    public string Provider => "ragplatform";

    public int Dimension => model.Dimension;

    public string? Fingerprint => model.Fingerprint;

    public string ComposePassage(string title, IReadOnlyList<string> headingPath, string text) =>
        PassageText.Compose(title, headingPath, text, model.Embedder);

    public async Task<ModelAnswer> EmbedAsync(IReadOnlyList<string> texts, JobPriority priority, bool refuseWhenFull, CancellationToken cancellationToken)
    {
        used();
        var inputs = Encode(texts, priority is JobPriority.Query ? TextKind.Query : TextKind.Passage, cancellationToken);
        var result = await queues.Of(model.Computation).RunAsync(inputs, priority, refuseWhenFull, cancellationToken);
        used();
        return new ModelAnswer(result.Outputs, result.Outputs.Sum(output => (long)output.Tokens), result.QueueMilliseconds, result.ModelMilliseconds);
    }

    private EncodedText[] Encode(IReadOnlyList<string> texts, TextKind kind, CancellationToken cancellationToken)
    {
        var inputs = new EncodedText[texts.Count];
        for (var i = 0; i < inputs.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            inputs[i] = model.Embedder.Encode(texts[i], kind);
        }

        return inputs;
    }
}
