using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Features.EmbedStream;

/// <summary>
/// Embeds the requests of a stream, a few at a time, and answers them in their order. Nobody is refused for a full queue: a
/// stream has at most 4 requests in work and is not read before there is room for the next, and the number of streams is limited.
/// </summary>
internal sealed class EmbedStreamHandler(EmbeddingModels models, RememberingEmbedder embedder, IOptions<EmbeddingOptions> options)
{
    /// <summary>Beside the one that is written into it and the one that is answered.</summary>
    private const int QueuedRequests = 2;

    private int openStreams;

    /// <exception cref="ServiceException">Too many streams, a malformed request, or the model cannot be used; what was answered before stays.</exception>
    public async IAsyncEnumerable<EmbedStreamAnswer> HandleAsync(
        IAsyncEnumerable<EmbedStreamInput> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.CompletedTask;
        try
        {
            if (Interlocked.Increment(ref openStreams) > options.Value.MaxStreams)
            {
                throw EmbeddingErrors.TooManyStreams(options.Value.MaxStreams);
            }

            var inWork = Channel.CreateBounded<Task<EmbedStreamAnswer>>(QueuedRequests);
            reading = ReadAsync(requests, inWork.Writer, ended.Token);
            await foreach (var answer in inWork.Reader.ReadAllAsync(cancellationToken))
            {
                yield return await answer;
            }
        }
        finally
        {
            Interlocked.Decrement(ref openStreams);
            await ended.CancelAsync();
            await reading;
        }
    }

    private async Task ReadAsync(IAsyncEnumerable<EmbedStreamInput> requests, ChannelWriter<Task<EmbedStreamAnswer>> inWork, CancellationToken cancellationToken)
    {
        try
        {
            (IEmbeddingModel Model, JobPriority Priority)? stream = null;
            var number = 0;
            await foreach (var request in requests.WithCancellation(cancellationToken))
            {
                EmbedStreamValidation.Check(request, number++);
                stream ??= (await models.GetAsync(request.Model, cancellationToken), request.Priority!.Value);
                EmbedValidation.CheckCounts(request.Input, stream.Value.Priority);
                await inWork.WriteAsync(AnswerAsync(stream.Value.Model, stream.Value.Priority, request.Input, cancellationToken), cancellationToken);
            }

            inWork.Complete();
        }
        catch (Exception exception)
        {
            inWork.Complete(exception);
        }
    }

    /// <summary>What is wrong with one text is told in its place; what the model finds wrong with the request, in every place.</summary>
    private async Task<EmbedStreamAnswer> AnswerAsync(IEmbeddingModel model, JobPriority priority, EmbedInput input, CancellationToken cancellationToken)
    {
        var faults = EmbedValidation.FindFaults(input);
        var valid = Enumerable.Range(0, faults.Length).Where(i => faults[i] is null).ToArray();
        if (valid.Length == 0)
        {
            return EmbedStreamAnswer.OfFaults(model, faults!);
        }

        try
        {
            var result = await embedder.EmbedAsync(model, input.Only(valid).TextsFor(model), priority, refuseWhenFull: false, cancellationToken);
            return new EmbedStreamAnswer(model, result, valid, faults);
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.InvalidArgument)
        {
            return EmbedStreamAnswer.OfFaults(model, [.. faults.Select(fault => fault ?? failure)]);
        }
    }
}
