using System.Runtime.CompilerServices;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>Compares the registry with the index, document by document. Documents on their way are passed over.</summary>
    /// <param name="collection">All when empty.</param>
    /// <param name="repair">Mends what differs, through the steps that documents take anyway.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<ConsistencyProgress> CheckConsistencyAsync(
        string collection = "", bool repair = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.CheckConsistencyRequest { Collection = collection, Repair = repair };
        await foreach (var step in StreamAsync(options => _gateway.CheckConsistency(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return new ConsistencyProgress(
                step.Collection,
                step.CheckedDocuments,
                step.TotalDocuments,
                step.Difference is { } difference
                    ? new ConsistencyDifference(
                        (DifferenceKind)difference.Kind, step.Collection, difference.DocumentId, difference.RegistryVersion, difference.IndexVersion, difference.Detail, difference.Repaired)
                    : null,
                step.Differences,
                step.Repaired);
        }
    }
}
