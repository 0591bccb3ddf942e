using MassTransit;
using Microsoft.Extensions.Options;

namespace RagPlatform.Ingestion.Features.TrackProgress;

/// <summary>One queue per kind of report, each with a few retries for a registry that is busy.</summary>
public abstract class TrackProgressConsumerDefinition<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    private readonly IngestionOptions _options;

    protected TrackProgressConsumerDefinition(IOptions<IngestionOptions> options, string endpointName)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        EndpointName = endpointName;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = _options.ProgressPrefetch;
        endpointConfigurator.UseMessageRetry(retry => retry.Exponential(5, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10), TimeSpan.FromMilliseconds(500)));
    }
}

public sealed class BatchesEmbeddedConsumerDefinition(IOptions<IngestionOptions> options)
    : TrackProgressConsumerDefinition<BatchesEmbeddedConsumer>(options, "ingestion-batches-embedded");

public sealed class IndexReportConsumerDefinition(IOptions<IngestionOptions> options)
    : TrackProgressConsumerDefinition<IndexReportConsumer>(options, "ingestion-index-report");

public sealed class FaultConsumerDefinition(IOptions<IngestionOptions> options)
    : TrackProgressConsumerDefinition<FaultConsumer>(options, "ingestion-fault");
