using System.Collections.Concurrent;
using System.Threading.Channels;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <summary>Builds that wait or run, how far they are, and the end of those that rest.</summary>
internal sealed class BuildBoard(CatalogueDatabase catalogue, TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<CollectionKey, BuildProgress> _running = new();

    // Bounded by the catalogue: one build per collection.
    private readonly Channel<CollectionKey> _waiting = Channel.CreateUnbounded<CollectionKey>();

    public ChannelReader<CollectionKey> Waiting => _waiting.Reader;

    /// <summary>Queues a build that the catalogue holds.</summary>
    public void Enqueue(CollectionKey collection)
    {
        _running[collection] = new BuildProgress(time);
        _waiting.Writer.TryWrite(collection);
    }

    public BuildProgress? ProgressOf(CollectionKey collection) => _running.GetValueOrDefault(collection);

    /// <summary>Null if the collection never had a build.</summary>
    public BuildStatus? Find(CollectionKey collection)
    {
        if (catalogue.Read(session => BuildTable.Find(session, collection)) is not { } build)
        {
            return null;
        }

        return build.State is BuildState.Running && ProgressOf(collection) is { } progress
            ? progress.Describe(build)
            : new BuildStatus(
                build, build.State is BuildState.Running ? BuildSteps.Waiting : "", new CollectionSize(build.DoneDocuments, 0), new CollectionSize(build.TotalDocuments, 0),
                ChunksPerSecond: 0, Remaining: null);
    }

    /// <summary>Stops a build that the catalogue does not hold as running any more.</summary>
    public void Stop(CollectionKey collection) => ProgressOf(collection)?.Stop();

    public void Remove(CollectionKey collection, BuildProgress progress) => _running.TryRemove(KeyValuePair.Create(collection, progress));

    public void Dispose()
    {
        foreach (var progress in _running.Values)
        {
            progress.Dispose();
        }
    }
}
