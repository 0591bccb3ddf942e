using System.Runtime.CompilerServices;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Features.PullModel;

/// <param name="Model">One that is known by name; empty for the default model, or where <paramref name="Source"/> is given.</param>
/// <param name="Source">"hub:OWNER/REPOSITORY" or "folder:PATH"; empty for a model that is known.</param>
/// <param name="Revision">Of a repository.</param>
/// <param name="Name">To keep it under; empty for its own.</param>
internal sealed record PullTarget(string Model, string Source, string Revision, string Name);

/// <param name="Model">The name it is kept under.</param>
/// <param name="Progress">How far it is.</param>
internal sealed record PullStep(string Model, PullProgress Progress);

internal sealed class PullModelHandler(ModelStore store, ModelPinning pinning, ModelPulls pulls, ModelHost host)
{
    /// <summary>The progress of the pull, begun here or joined, up to "ready". A reader who leaves does not end it.</summary>
    public async IAsyncEnumerable<PullStep> HandleAsync(PullTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var request = target.Source.Length > 0 ? pinning.Parse(target.Source, target.Revision, target.Name) : null;
        var id = request?.Id ?? (target.Model.Length > 0 ? target.Model : host.DefaultId);
        if (id == host.DefaultId && host.IsDefaultRemote)
        {
            yield return new PullStep(id, new PullProgress(PullSteps.Ready, $"{id} is a provider's; nothing is to be pulled"));
            yield break;
        }

        // The default model, and whatever is asked for already, is prepared as a whole.
        if (request is not null || id != host.DefaultId && host.Find(id) is null)
        {
            await foreach (var progress in FetchAsync(id, request, cancellationToken))
            {
                yield return new PullStep(id, progress);
            }

            if (WhyNotLoaded(id) is { } reason)
            {
                yield return new PullStep(id, new PullProgress(PullSteps.Ready, reason));
                yield break;
            }
        }

        await foreach (var progress in LoadAsync(id, cancellationToken))
        {
            yield return new PullStep(id, progress);
        }
    }

    private async IAsyncEnumerable<PullProgress> FetchAsync(string id, PinRequest? request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (request is null && store.Inspect(id) is null)
        {
            throw EmbeddingErrors.UnknownModel(id, store.KnownIds);
        }

        var pull = pulls.Start(id, request);
        await foreach (var progress in pull.Progress.ReadAsync(cancellationToken))
        {
            yield return progress;
        }

        await pull.WaitAsync(cancellationToken);
    }

    private async IAsyncEnumerable<PullProgress> LoadAsync(string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var preparation = host.Prepare(id);
        if (preparation.Model.IsCompletedSuccessfully)
        {
            yield return preparation.Progress.Latest!;
            yield break;
        }

        await foreach (var progress in preparation.Progress.ReadAsync(cancellationToken))
        {
            yield return progress;
        }

        await ((Task)preparation.Model).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (!preparation.Model.IsCompletedSuccessfully)
        {
            throw preparation.WhyNotReady();
        }
    }

    /// <summary>Null where the model is to be loaded now: one that this service runs, while there is room.</summary>
    private string? WhyNotLoaded(string id)
    {
        var entry = store.Inspect(id);
        if (entry?.Kind is null or ModelKind.Decoder)
        {
            return $"{id} from {entry?.Folder?.Source}; a decoder is loaded where answers are made";
        }

        try
        {
            host.Prepare(id);
            return null;
        }
        catch (ServiceException failure) when (failure.Kind is FailureKind.ResourceExhausted)
        {
            return $"{id} from {entry.Folder?.Source}; not loaded, for as many models as may be are in memory";
        }
    }
}
