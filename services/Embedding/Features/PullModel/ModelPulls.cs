using RagPlatform.Embedding.Models;

namespace RagPlatform.Embedding.Features.PullModel;

/// <summary>The pulls under way in this process; whoever asks for a model that is being pulled joins.</summary>
internal sealed class ModelPulls(ModelStore store, ModelPinning pinning, IHostApplicationLifetime lifetime)
{
    public const int MaxPulls = 4;

    private readonly Lock gate = new();
    private readonly Dictionary<string, ModelPull> pulls = [];

    /// <summary>The pull of that model that is under way, or null.</summary>
    public ModelPull? Find(string id)
    {
        lock (gate)
        {
            return pulls.GetValueOrDefault(id) is { IsUnderWay: true } pull ? pull : null;
        }
    }

    /// <summary>Begins a pull, or joins the one that is under way.</summary>
    /// <param name="id">The model.</param>
    /// <param name="request">What to pin first; null where it is pinned.</param>
    /// <exception cref="Grpc.Errors.ServiceException">Another pull has the name, or there are too many.</exception>
    public ModelPull Start(string id, PinRequest? request)
    {
        lock (gate)
        {
            foreach (var done in pulls.Where(pair => !pair.Value.IsUnderWay).Select(pair => pair.Key).ToList())
            {
                pulls.Remove(done);
            }

            if (pulls.TryGetValue(id, out var present))
            {
                return request is null || request == present.Request ? present : throw EmbeddingErrors.PullUnderWay(id);
            }

            return pulls.Count < MaxPulls
                ? pulls[id] = new ModelPull(id, request, store, pinning, lifetime.ApplicationStopping)
                : throw EmbeddingErrors.TooManyPulls(id, MaxPulls);
        }
    }
}
