using MassTransit;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Retrieval.Features;

/// <summary>
/// What both queues have in common: limits from the options, and five more tries within some ten seconds for a disk or
/// a lock that recovers. A message that is wrong gets none: it is set aside with its reason at the first.
/// </summary>
internal abstract class RetrievalConsumerDefinition<TConsumer> : ConsumerDefinition<TConsumer>
    where TConsumer : class, IConsumer
{
    private const int Retries = 5;
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);

    private readonly RetrievalOptions _options;

    protected RetrievalConsumerDefinition(string endpointName, IOptions<RetrievalOptions> options)
    {
        _options = options.Value;
        EndpointName = endpointName;
        ConcurrentMessageLimit = _options.ConcurrentMessages;
    }

    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator, IConsumerConfigurator<TConsumer> consumerConfigurator, IRegistrationContext context)
    {
        endpointConfigurator.PrefetchCount = _options.PrefetchedMessages;
        endpointConfigurator.UseMessageRetry(retry =>
        {
            retry.Exponential(Retries, FirstDelay, LongestDelay, FirstDelay);
            retry.Ignore<ServiceException>(failure => failure.Kind is not FailureKind.Unavailable);
        });
    }
}
