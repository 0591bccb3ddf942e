namespace RagPlatform.Embedding.Features.EmbedStream;

internal static class EmbedStreamValidation
{
    /// <summary>Model and kind are the first request's to say.</summary>
    /// <param name="request">What was sent.</param>
    /// <param name="number">Of the request in its stream, from 0.</param>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field, its value and the limit.</exception>
    public static void Check(EmbedStreamInput request, int number)
    {
        if (number == 0)
        {
            _ = request.Priority ?? throw EmbeddingErrors.KindMissing(0);
        }
        else if (request.Model.Length > 0)
        {
            throw EmbeddingErrors.StreamFieldRepeated("model", request.Model, number);
        }
        else if (request.Priority is { } priority)
        {
            throw EmbeddingErrors.StreamFieldRepeated("kind", priority.ToString(), number);
        }
    }
}
