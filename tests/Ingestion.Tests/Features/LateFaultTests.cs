using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RagPlatform.Ingestion.Announcing;
using RagPlatform.Ingestion.Features.TrackProgress;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Features;

/// <summary>A document of many batches may be given up many times: what is said of a former attempt must not end the next one.</summary>
public sealed class LateFaultTests : IDisposable
{
    private readonly TestFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestRegistry _registry;
    private readonly IngestionTelemetry _telemetry;
    private readonly TrackProgressHandler _reports;

    public LateFaultTests()
    {
        _registry = new TestRegistry(_folder.Path);
        _telemetry = new IngestionTelemetry(_services.GetRequiredService<IMeterFactory>(), _registry.Catalog, _registry.Queue, _registry.Work);
        var announcer = new DocumentAnnouncer(
            new RecordingPublisher(), _registry.Deletions, _registry.Work, _registry.Options, _registry.Clock, NullLogger<DocumentAnnouncer>.Instance);
        _reports = new TrackProgressHandler(_registry.Progress, _registry.Outcome, _registry.Deletions, announcer, _registry.Work, _telemetry);
    }

    public void Dispose()
    {
        _telemetry.Dispose();
        _services.Dispose();
        _registry.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fault_OfTheAttemptBefore_LeavesTheOneThatWasBegunAgain(bool passes)
    {
        await SendAsync();
        await FaultAsync(passes: false);
        _registry.Latest().State.ShouldBe(DocumentState.Failed);
        await _registry.PutAsync("text");
        _registry.Picker.Pick().ShouldNotBeNull();
        await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None);

        await FaultAsync(passes);

        _registry.Latest().State.ShouldBe(DocumentState.Extracting);
        _registry.Work.Counts.Documents.ShouldBe(1, "it is still in its slot, and its batches will be sent");
        _registry.Queue.CountTaken(null, "").ShouldBe(1);
    }

    [Fact]
    public async Task Fault_OfWhatWasSent_IsTheVersionsFailure()
    {
        await SendAsync();

        await FaultAsync(passes: false);

        _registry.Latest().Failure.ShouldNotBeNull().Code.ShouldBe("STEP_FAILED");
        _registry.Work.Counts.Documents.ShouldBe(0);
    }

    private async Task SendAsync()
    {
        await _registry.PutAsync("text");
        _registry.Picker.Pick().ShouldNotBeNull();
        await _registry.Progress.BeginAsync(TestRegistry.Key(), 1, CancellationToken.None);
        await _registry.Progress.RecordTextAsync(TestRegistry.Key(), 1, "text", "", CancellationToken.None);
        await _registry.Progress.RecordChunksAsync(TestRegistry.Key(), 1, 2, 2, CancellationToken.None);
    }

    private Task FaultAsync(bool passes) => passes
        ? _reports.PostponedAsync(TestRegistry.Key(), 1, DocumentState.Embedding, "the disk is full", CancellationToken.None)
        : _reports.FailedAsync(TestRegistry.Key(), 1, DocumentState.Embedding, "the model refused a chunk", CancellationToken.None);
}
