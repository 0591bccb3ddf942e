using System.Runtime.CompilerServices;
using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;

namespace RagPlatform.Embedding.Features.PullModel;

internal sealed class PullModelHandler(ModelHost host)
{
    /// <summary>The progress of the pull, begun here or joined, up to "ready". A reader who leaves does not end it.</summary>
    public async IAsyncEnumerable<PullProgress> HandleAsync(string modelId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var preparation = host.Prepare(modelId.Length == 0 ? host.DefaultId : modelId);
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
}
