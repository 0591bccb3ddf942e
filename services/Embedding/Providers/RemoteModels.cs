using Microsoft.Extensions.Options;

namespace RagPlatform.Embedding.Providers;

/// <summary>The models of all providers, by id: NAME/MODEL.</summary>
internal sealed class RemoteModels : IDisposable
{
    private readonly Dictionary<string, RemoteModel> models;

    public RemoteModels(IOptions<EmbeddingOptions> options, TimeProvider time, ILoggerFactory logging)
    {
        var logger = logging.CreateLogger<RemoteModels>();
        models = options.Value.Providers
            .Select(provider => new RemoteModel(provider.Key, provider.Value, options.Value, time, logger))
            .ToDictionary(model => model.Id, StringComparer.Ordinal);
    }

    public IEnumerable<RemoteModel> All => models.Values.OrderBy(model => model.Id, StringComparer.Ordinal);

    public RemoteModel? Find(string id) => models.GetValueOrDefault(id);

    public void Dispose()
    {
        foreach (var model in models.Values)
        {
            model.Dispose();
        }
    }
}
