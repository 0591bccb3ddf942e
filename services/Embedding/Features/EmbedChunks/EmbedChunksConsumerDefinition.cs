using MassTransit;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Features.EmbedChunks;

internal sealed class EmbedChunksConsumerDefinition : ConsumerDefinition<EmbedChunksConsumer>
{
    public const string Queue = "embedding-chunks-prepared";

    private static readonly TimeSpan[] RetryIntervals = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];

    private readonly EmbeddingOptions options;

    public EmbedChunksConsumerDefinition(IOptions<EmbeddingOptions> options)
    {
        this.options = options.Value;
        EndpointName = Queue;
        ConcurrentMessageLimit = this.options.ConsumerConcurrency;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<EmbedChunksConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = options.ConsumerPrefetch;
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Intervals(RetryIntervals);
            retry.Ignore<ServiceException>(failure => failure.Kind is FailureKind.InvalidArgument or FailureKind.NotFound or FailureKind.FailedPrecondition);
        });
    }
}
