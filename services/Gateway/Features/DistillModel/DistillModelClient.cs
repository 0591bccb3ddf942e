using Grpc.Core;
using RagPlatform.Grpc.Errors;
using static RagPlatform.Protos.Embedding.V1.EmbeddingService;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;
using Embedders = RagPlatform.Protos.Embedding.V1;
using Ingesters = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.DistillModel;

/// <summary>Has the embedding service make a model from a sample of a collection's chunks, which ingestion reads, at the pace at which they are embedded.</summary>
internal sealed class DistillModelClient(IngestionServiceClient ingestion, EmbeddingServiceClient embedding)
{
    private const int PassagesAtOnce = 256;

    /// <summary>The same documents are chosen each time, as long as the collection is the same.</summary>
    private const int Seed = 1;

    public async Task DistillAsync(V1.DistillModelRequest request, IServerStreamWriter<V1.DistillModelResponse> target, string tenant, CallOptions options)
    {
        var chunks = request.ChunksToTake();
        var documents = await DocumentSample.TakeAsync(ingestion, request, tenant, chunks, new Random(Seed), options);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.CancellationToken);
        var linked = options.WithCancellationToken(stop.Token);
        using var call = embedding.DistillModel(linked);
        var sending = SendAsync(request, documents, chunks, tenant, call.RequestStream, linked);
        var relaying = RelayAsync(call.ResponseStream, target, stop.Token);
        if (await Task.WhenAny(sending, relaying) == sending && sending.IsFaulted && !IsEndedByEmbedding(sending.Exception))
        {
            // Half a sample must not be taken for a whole one.
            await stop.CancelAsync();
            await IgnoreAsync(relaying);
            await sending;
        }

        try
        {
            await relaying;
        }
        finally
        {
            await stop.CancelAsync();
            await IgnoreAsync(sending);
        }
    }

    private async Task SendAsync(
        V1.DistillModelRequest request, Ingesters.Document[] documents, int chunks, string tenant, IClientStreamWriter<Embedders.DistillModelRequest> target, CallOptions options)
    {
        var expected = (int)Math.Min(chunks, documents.Sum(document => (long)document.ChunkCount));
        var next = new Embedders.DistillModelRequest { Model = request.Model, Name = request.Name, ExpectedPassages = expected };
        var left = chunks;
        foreach (var document in documents.TakeWhile(_ => left > 0))
        {
            await foreach (var chunk in ReadAsync(document, tenant, request.Model, options))
            {
                if (left == 0)
                {
                    break;
                }

                left--;
                next.Passages.Add(chunk.ToPassage(document.Title));
                if (next.Passages.Count == PassagesAtOnce)
                {
                    await WriteAsync(() => target.WriteAsync(next, options.CancellationToken));
                    next = new Embedders.DistillModelRequest();
                }
            }
        }

        if (next.Passages.Count > 0)
        {
            await WriteAsync(() => target.WriteAsync(next, options.CancellationToken));
        }

        await WriteAsync(target.CompleteAsync);
    }

    /// <summary>None of a document that was deleted or replaced meanwhile, or that cannot be cut again.</summary>
    private async IAsyncEnumerable<Ingesters.PreparedChunk> ReadAsync(Ingesters.Document document, string tenant, string model, CallOptions options)
    {
        using var call = ingestion.ReadChunks(document.ToIngestion(tenant, model), options);
        while (await MoveNextAsync(call.ResponseStream, options.CancellationToken))
        {
            foreach (var chunk in call.ResponseStream.Current.Chunks)
            {
                yield return chunk;
            }
        }
    }

    private static async Task<bool> MoveNextAsync(IAsyncStreamReader<Ingesters.ReadChunksResponse> chunks, CancellationToken cancellationToken)
    {
        try
        {
            return await chunks.MoveNext(cancellationToken);
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.NotFound)
        {
            return false;
        }
    }

    private static async Task RelayAsync(
        IAsyncStreamReader<Embedders.DistillModelResponse> steps, IServerStreamWriter<V1.DistillModelResponse> target, CancellationToken cancellationToken)
    {
        while (await steps.MoveNext(cancellationToken))
        {
            await target.WriteAsync(steps.Current.ToGateway(), cancellationToken);
        }
    }

    private static async Task WriteAsync(Func<Task> write)
    {
        try
        {
            await write();
        }
        catch (Exception exception) when (exception is RpcException or ServiceException or InvalidOperationException)
        {
            throw new EmbeddingEndedException(exception);
        }
    }

    private static bool IsEndedByEmbedding(AggregateException? exception) => exception?.InnerException is EmbeddingEndedException;

    private static async Task IgnoreAsync(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Embedding takes no more passages; its response says why.</summary>
    private sealed class EmbeddingEndedException(Exception innerException) : Exception("Embedding ended the distillation.", innerException);
}
