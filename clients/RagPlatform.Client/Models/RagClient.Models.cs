using System.Runtime.CompilerServices;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>The models that embed, then those that answer.</summary>
    public async Task<IReadOnlyList<Model>> ListModelsAsync(CancellationToken cancellationToken = default) =>
        (await GetModelListAsync(cancellationToken).ConfigureAwait(false)).Models;

    /// <summary>The same, with what is wrong with the platform's file of pins.</summary>
    public async Task<ModelList> GetModelListAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(options => _gateway.ListModelsAsync(new V1.ListModelsRequest(), options), cancellationToken).ConfigureAwait(false);
        return new ModelList([.. response.Models.Select(ModelMapping.ToModel)], [.. response.Problems]);
    }

    /// <summary>All that the platform knows of one model.</summary>
    /// <param name="model">The default embedding model when empty.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<ModelDetails> GetModelAsync(string model = "", CancellationToken cancellationToken = default)
    {
        var request = new V1.ShowModelRequest { Model = model };
        return (await CallAsync(options => _gateway.ShowModelAsync(request, options), cancellationToken).ConfigureAwait(false)).ToDetails();
    }

    /// <summary>Fetches a model's files if they are not there, and reports how far it is.</summary>
    /// <param name="model">One that is known by name; the default embedding model when empty.</param>
    /// <param name="cancellationToken">Stops listening; the pull goes on.</param>
    public IAsyncEnumerable<PullProgress> PullModelAsync(string model = "", CancellationToken cancellationToken = default) =>
        PullModelAsync(new ModelPullOptions { Model = model }, cancellationToken);

    /// <summary>Pins a model of the hub or of a folder, unless it is; fetches its files if they are not there, and reports how far it is.</summary>
    /// <param name="pull">What to pull.</param>
    /// <param name="cancellationToken">Stops listening; the pull goes on.</param>
    public async IAsyncEnumerable<PullProgress> PullModelAsync(ModelPullOptions pull, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(pull);
        var request = new V1.PullModelRequest { Model = pull.Model, Source = pull.Source, Revision = pull.Revision, Name = pull.Name };
        await foreach (var progress in StreamAsync(options => _gateway.PullModel(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return new PullProgress(progress.Step, progress.Detail, progress.DoneBytes, progress.TotalBytes) { Model = progress.Model };
        }
    }

    /// <summary>Reads every file of a model again and compares it with its pin: how far it is, and each file's result.</summary>
    /// <param name="model">The default embedding model when empty.</param>
    /// <param name="all">Every model whose files are there, instead.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async IAsyncEnumerable<ModelCheck> VerifyModelAsync(string model = "", bool all = false, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.VerifyModelRequest { Model = model, All = all };
        await foreach (var step in StreamAsync(options => _gateway.VerifyModel(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return step.ToCheck();
        }
    }

    /// <summary>Deletes a model's files and its pin.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="force">Also while collections of this tenant use it; what needs it there then fails.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Bytes that were freed.</returns>
    public async Task<long> RemoveModelAsync(string model, bool force = false, CancellationToken cancellationToken = default)
    {
        var request = new V1.RemoveModelRequest { Model = model, Force = force };
        return (await CallAsync(options => _gateway.RemoveModelAsync(request, options), cancellationToken).ConfigureAwait(false)).FreedBytes;
    }
}
