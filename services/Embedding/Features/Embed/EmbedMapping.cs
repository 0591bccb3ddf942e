using Google.Protobuf;
using RagPlatform.Embedding.Serving;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Features.Embed;

internal static class EmbedMapping
{
    public static JobPriority ToPriority(this EmbedKind kind) => kind switch
    {
        EmbedKind.Query => JobPriority.Query,
        EmbedKind.Passage => JobPriority.Passage,
        _ => throw EmbeddingErrors.KindMissing((int)kind),
    };

    public static EmbedInput ToInput(IReadOnlyList<string> texts, IEnumerable<Passage> passages) =>
        new(texts, [.. passages.Select(passage => new EmbedPassage(passage.Title, passage.HeadingPath, passage.Text))]);

    public static EmbedResponse ToResponse(this EmbedAnswer answer) => new()
    {
        Model = answer.Model.Id,
        Dimension = answer.Model.Dimension,
        QueueMilliseconds = answer.Result.QueueMilliseconds,
        ModelMilliseconds = answer.Result.ModelMilliseconds,
        Embeddings = { answer.Result.Embeddings.Select(ToEmbedding) },
        Usage = answer.Result.ToUsage(),
    };

    public static Protos.Embedding.V1.Embedding ToEmbedding(this TextEmbedding embedding) => new()
    {
        Vector = UnsafeByteOperations.UnsafeWrap(VectorBytes.From(embedding.Vector)),
        Tokens = embedding.Tokens,
        UnseenTokens = embedding.UnseenTokens,
    };

    public static EmbedUsage ToUsage(this EmbedResult result) => new()
    {
        Tokens = result.Tokens,
        UnseenTokens = result.Embeddings.Sum(embedding => (long)embedding.UnseenTokens),
        CachedTexts = result.CachedTexts,
    };
}
