using MassTransit;
using Microsoft.Extensions.Options;

namespace RagPlatform.Ingestion.Features.ProcessDocument;

public sealed class ProcessDocumentConsumerDefinition : ConsumerDefinition<ProcessDocumentConsumer>
{
    /// <summary>After 0.5, 1, 2 and 4 seconds, about.</summary>
    public const int Retries = 4;

    private readonly IngestionOptions _options;

    public ProcessDocumentConsumerDefinition(IOptions<IngestionOptions> options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options.Value;
        EndpointName = "ingestion-document-received";
        ConcurrentMessageLimit = _options.ProcessConcurrency;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<ProcessDocumentConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = Math.Max(_options.ProcessPrefetch, _options.ProcessConcurrency);
        endpointConfigurator.UseMessageRetry(retry => retry.Exponential(Retries, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(0.5)));
    }
}
