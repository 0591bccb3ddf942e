using RagPlatform.Grpc.Errors;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.Catalogue;

namespace RagPlatform.Retrieval.Features.BuildIndex;

/// <summary>Runs builds, one after the other, those first that a stop of the service interrupted.</summary>
internal sealed partial class BuildWorker(
    BuildBoard builds, CatalogueDatabase catalogue, Collections collections, IndexBuilding building, Indexes indexes, TimeProvider time, ILogger<BuildWorker> logger)
    : BackgroundService
{
    private static readonly TimeSpan CatalogueRetryDelay = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await collections.WaitUntilLoadedAsync(stoppingToken);
        var interrupted = catalogue.Read(BuildTable.Running);
        await CountResumesAsync(interrupted, stoppingToken);
        foreach (var build in interrupted)
        {
            builds.Enqueue(build.Collection);
        }

        await foreach (var collection in builds.Waiting.ReadAllAsync(stoppingToken))
        {
            if (builds.ProgressOf(collection) is not { } progress)
            {
                continue;
            }

            try
            {
                if (catalogue.Read(session => BuildTable.Find(session, collection)) is { State: BuildState.Running } build)
                {
                    await RunAsync(build, progress, stoppingToken);
                }

                builds.Remove(collection, progress);
                await indexes.DropUnusedAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The catalogue cannot even say that the build failed: its disk may be full. Searches go on meanwhile.
                LogCatalogueFailed(logger, collection, exception);
                await Task.Delay(CatalogueRetryDelay, time, stoppingToken);
                builds.Enqueue(collection);
            }
        }
    }

    private async Task CountResumesAsync(IReadOnlyList<Build> interrupted, CancellationToken cancellationToken)
    {
        if (interrupted.Count == 0)
        {
            return;
        }

        try
        {
            await catalogue.WriteAsync(BuildTable.Resume, cancellationToken);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // They go on uncounted.
            LogCatalogueFailed(logger, interrupted[0].Collection, exception);
        }
    }

    private async Task RunAsync(Build build, BuildProgress progress, CancellationToken stoppingToken)
    {
        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, progress.Stopping);
        try
        {
            LogStarted(logger, build.Collection, build.Id, build.Model, build.Store);
            if (await building.RunAsync(build, progress, stopping.Token))
            {
                LogSucceeded(logger, build.Collection, build.Id, progress.Size.Done.Documents);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Goes on at the next start.
        }
        catch (OperationCanceledException) when (progress.Stopping.IsCancellationRequested)
        {
            LogCancelled(logger, build.Collection, build.Id);
        }
        catch (Exception exception)
        {
            await FailAsync(build, progress, exception, stoppingToken);
        }
    }

    private async Task FailAsync(Build build, BuildProgress progress, Exception exception, CancellationToken cancellationToken)
    {
        var failure = exception is ServiceException known
            ? $"{known.Message} {known.Remedy}".TrimEnd()
            : $"A fault of the service, which its log describes under build {build.Id}. Start the build again; report it if it fails again.";
        LogFailed(logger, build.Collection, build.Id, exception);
        var (done, total) = progress.Size;
        await catalogue.WriteAsync(session => BuildTable.End(session, build, BuildState.Failed, done.Documents, total.Documents, failure), cancellationToken);
    }

    [LoggerMessage(EventId = 5, Level = LogLevel.Error, Message = "{Collection}: the catalogue cannot be read or written; its build goes on in 30 seconds")]
    private static partial void LogCatalogueFailed(ILogger logger, CollectionKey collection, Exception exception);

    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "{Collection}: build {Id} of a second index begins, model '{Model}', store '{Store}'")]
    private static partial void LogStarted(ILogger logger, CollectionKey collection, string id, string model, string store);

    [LoggerMessage(EventId = 2, Level = LogLevel.Information, Message = "{Collection}: build {Id} is what searches see now, {Documents} documents")]
    private static partial void LogSucceeded(ILogger logger, CollectionKey collection, string id, int documents);

    [LoggerMessage(EventId = 3, Level = LogLevel.Information, Message = "{Collection}: build {Id} was cancelled")]
    private static partial void LogCancelled(ILogger logger, CollectionKey collection, string id);

    [LoggerMessage(EventId = 4, Level = LogLevel.Error, Message = "{Collection}: build {Id} failed, the collection is as it was")]
    private static partial void LogFailed(ILogger logger, CollectionKey collection, string id, Exception exception);
}
