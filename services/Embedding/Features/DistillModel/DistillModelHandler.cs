using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;
using RagPlatform.Embedding.Features.Embed;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Static;

namespace RagPlatform.Embedding.Features.DistillModel;

/// <summary>
/// Makes a static model: embeds the passages of a stream with the teacher (those of a collection are mostly remembered),
/// and the vocabulary's tokens each alone, fits the table and adds the model to the store. One at a time, because the
/// sample is held in memory. Others' questions go before its passages, as before any.
/// </summary>
internal sealed class DistillModelHandler(
    ModelHost host, EmbeddingModels models, ModelQueues queues, RememberingEmbedder embedder, ModelStore store, IOptions<EmbeddingOptions> options) : IDisposable
{
    private readonly SemaphoreSlim place = new(1);

    /// <exception cref="ServiceException">One is under way, a malformed request, or the model cannot be distilled.</exception>
    public async IAsyncEnumerable<DistillStep> HandleAsync(
        IAsyncEnumerable<DistillInput> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (!await place.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            throw EmbeddingErrors.DistillUnderWay();
        }

        try
        {
            Distillation? work = null;
            var number = 0;
            await foreach (var request in requests.WithCancellation(cancellationToken))
            {
                CheckPlace(request, number++);
                work ??= await BeginAsync(request, cancellationToken);
                EmbedValidation.Check(request.Passages, JobPriority.Passage);
                yield return await work.AddAsync(request.Passages, cancellationToken);
            }

            if (work is null or { Texts: 0 })
            {
                throw EmbeddingErrors.NoPassages();
            }

            await foreach (var step in work.FinishAsync(cancellationToken))
            {
                yield return step;
            }
        }
        finally
        {
            place.Release();
        }
    }

    public void Dispose() => place.Dispose();

    private static void CheckPlace(DistillInput request, int number)
    {
        if (number > 0 && request.Model.Length + request.Name.Length > 0)
        {
            var (field, value) = request.Model.Length > 0 ? ("model", request.Model) : ("name", request.Name);
            throw EmbeddingErrors.StreamFieldRepeated(field, value, number);
        }
    }

    private async Task<Distillation> BeginAsync(DistillInput request, CancellationToken cancellationToken)
    {
        if (!ModelNames.IsId(request.Name))
        {
            throw EmbeddingErrors.NameInvalid(request.Name);
        }

        if (store.Inspect(request.Name) is not null)
        {
            throw EmbeddingErrors.NameTaken(request.Name, "another model");
        }

        var id = request.Model.Length > 0 ? request.Model : host.DefaultId;
        if (options.Value.RemoteModels.Contains(id))
        {
            throw EmbeddingErrors.NotDistillable(id, "it is a provider's");
        }

        var teacher = (await host.WaitAsync(id, cancellationToken)).RequireEncoder();
        return teacher.Kind is ModelKind.Encoder
            ? new Distillation(teacher, models.Local(id, teacher), queues, embedder, store, options.Value.Threads, request.Name, request.ExpectedPassages)
            : throw EmbeddingErrors.NotDistillable(id, "it is a static model itself");
    }
}
