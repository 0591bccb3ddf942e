using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Features.EmbedStream;

/// <param name="Model">Given by the first request: the default model when empty. Empty in later ones.</param>
/// <param name="Priority">Given by the first request. Null in later ones.</param>
/// <param name="Input">What is to be embedded.</param>
internal sealed record EmbedStreamInput(string Model, JobPriority? Priority, EmbedInput Input);

/// <param name="Model">That embedded.</param>
/// <param name="Result">Of the valid texts.</param>
/// <param name="Valid">Places of the valid texts in the request.</param>
/// <param name="Faults">For every text of the request what is wrong with it, or null.</param>
internal sealed record EmbedStreamAnswer(IEmbeddingModel Model, EmbedResult Result, int[] Valid, ServiceException?[] Faults)
{
    public static EmbedStreamAnswer OfFaults(IEmbeddingModel model, ServiceException[] faults) =>
        new(model, new EmbedResult([], 0, 0, 0, 0), [], faults);
}
