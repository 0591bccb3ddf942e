using System.Runtime.CompilerServices;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>Makes a static model that fits a collection's passages, and reports how far it is.</summary>
    /// <param name="distillation">What to make.</param>
    /// <param name="cancellationToken">Ends the making; nothing stays.</param>
    public async IAsyncEnumerable<DistillProgress> DistillModelAsync(ModelDistillation distillation, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(distillation);
        var request = new V1.DistillModelRequest
        {
            Model = distillation.Model,
            Collection = distillation.Collection,
            Name = distillation.Name,
            MaxChunks = distillation.MaxChunks,
        };
        await foreach (var step in StreamAsync(options => _gateway.DistillModel(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return new DistillProgress(step.Step, step.Done, step.Total, step.Model);
        }
    }
}
