using System.Runtime.CompilerServices;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>The models that embed, then those that answer.</summary>
    public async Task<IReadOnlyList<Model>> ListModelsAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(options => _gateway.ListModelsAsync(new V1.ListModelsRequest(), options), cancellationToken).ConfigureAwait(false);
        return [.. response.Models.Select(ToModel)];
    }

    /// <summary>Fetches an embedding model's files if they are not there, and reports how far it is.</summary>
    /// <param name="model">The default embedding model when empty.</param>
    /// <param name="cancellationToken">Stops listening.</param>
    public async IAsyncEnumerable<PullProgress> PullModelAsync(string model = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.PullModelRequest { Model = model };
        await foreach (var progress in StreamAsync(options => _gateway.PullModel(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return new PullProgress(progress.Step, progress.Detail, progress.DoneBytes, progress.TotalBytes);
        }
    }

    /// <summary>How every service is, and how many of the tenant's documents stand in each state; answers even when services are down.</summary>
    public async Task<PlatformStatus> GetStatusAsync(CancellationToken cancellationToken = default)
    {
        var response = await CallAsync(options => _gateway.GetStatusAsync(new V1.GetStatusRequest(), options), cancellationToken).ConfigureAwait(false);
        return new PlatformStatus(
            response.Version,
            response.Tenant,
            [.. response.Services.Select(service => new ServiceStatus(service.Service, service.Healthy, service.Detail))],
            response.Documents.ToDictionary(count => (DocumentState)count.State, count => count.Count));
    }

    private static Model ToModel(V1.Model model) => new()
    {
        Id = model.Id,
        Kind = model.Kind,
        State = model.State,
        Dimension = model.Dimension,
        MaxTokens = model.MaxTokens,
        SizeBytes = model.SizeBytes,
        Source = model.Source,
        License = model.License,
    };
}
