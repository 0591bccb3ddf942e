using System.Runtime.CompilerServices;
using RagPlatform.Retrieval.Features.EmbedDocuments;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <param name="Model">The present one when empty.</param>
/// <param name="Store">The present one when empty.</param>
internal sealed record StartBuildCommand(CollectionKey Collection, string Model, string Store, bool ChunkAgain);

/// <summary>Begins a second index beside the one that is searched; one at a time per collection.</summary>
internal sealed class StartBuildHandler(
    Collections collections, CatalogueDatabase catalogue, VectorStores stores, Indexes indexes, PassageEmbeddingClient embedding, BuildBoard builds, TimeProvider time)
{
    /// <exception cref="Grpc.Errors.ServiceException">No such collection or store, nothing to build from, a build that runs, or a model that cannot embed.</exception>
    public async Task<BuildStatus> HandleAsync(StartBuildCommand command, CancellationToken cancellationToken)
    {
        stores.RequireKnown(command.Store);
        await collections.WaitUntilLoadedAsync(cancellationToken);
        var present = RequireIndex(command.Collection);
        // What only moves keeps its vectors, and needs no model.
        var isEmbedded = command.ChunkAgain || command.Model.Length > 0;
        var settings = isEmbedded
            ? await embedding.FindSettingsAsync(command.Model.Length > 0 ? command.Model : present.Settings.Model, cancellationToken)
            : present.Settings;

        using (await collections.HoldAsync(command.Collection, cancellationToken))
        {
            if (RequireIndex(command.Collection) != present)
            {
                throw RetrievalErrors.CollectionChanged(command.Collection.Name);
            }

            var documents = collections.RequireOwn(command.Collection).Size.Documents;
            await catalogue.WriteAsync(
                session =>
                {
                    if (BuildTable.Find(session, command.Collection) is { State: BuildState.Running } running)
                    {
                        throw RetrievalErrors.BuildRuns(command.Collection.Name, running.Id);
                    }

                    var target = indexes.Add(session, command.Collection, command.Store.Length == 0 ? present.Store : command.Store, settings);
                    BuildTable.Start(session, new Build(
                        command.Collection, Guid.CreateVersion7(time.GetUtcNow()).ToString("n"), BuildState.Running, target, target.Store, settings.Model,
                        command.ChunkAgain, DoneDocuments: 0, documents, time.GetUtcNow(), Failure: ""));
                },
                cancellationToken);
            builds.Enqueue(command.Collection);
        }

        return builds.Find(command.Collection)!;
    }

    private ActiveIndex RequireIndex(CollectionKey collection) =>
        collections.RequireOwn(collection).Index ?? throw RetrievalErrors.CollectionEmpty(collection.Name);
}

/// <summary>A build's progress whenever it changes, until it rests.</summary>
internal sealed class WatchBuildHandler(BuildBoard builds, TimeProvider time)
{
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    /// <exception cref="Grpc.Errors.ServiceException">The collection never had a build.</exception>
    public async IAsyncEnumerable<BuildStatus> HandleAsync(CollectionKey collection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        BuildStatus? told = null;
        while (told is not { State: not BuildState.Running })
        {
            var status = builds.Find(collection) ?? throw RetrievalErrors.BuildNotFound(collection.Name);
            if (told is null || status.State != told.State || status.Step != told.Step || status.Done != told.Done)
            {
                yield return told = status;
            }
            else
            {
                await Task.Delay(Interval, time, cancellationToken);
            }
        }
    }
}

/// <summary>Stops a build; the collection stays as it was.</summary>
internal sealed class CancelBuildHandler(CatalogueDatabase catalogue, BuildBoard builds)
{
    /// <exception cref="Grpc.Errors.ServiceException">No build runs.</exception>
    public async Task<BuildStatus> HandleAsync(CollectionKey collection, CancellationToken cancellationToken)
    {
        var status = builds.Find(collection) ?? throw RetrievalErrors.BuildNotFound(collection.Name);
        var cancelled = status.State is BuildState.Running && await catalogue.WriteAsync(
            session => BuildTable.End(session, status.Build, BuildState.Cancelled, status.Done.Documents, status.Total.Documents, failure: ""), cancellationToken);
        if (!cancelled)
        {
            throw RetrievalErrors.BuildRests(collection.Name);
        }

        builds.Stop(collection);
        return builds.Find(collection)!;
    }
}
