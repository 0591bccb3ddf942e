using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace RagPlatform.ServiceDefaults;

/// <summary>
/// The bus: MassTransit on RabbitMQ between processes, or in memory inside one. The host says which; it is never guessed.
/// What is durable does not rest on the bus: the document registry resumes whatever was unfinished.
/// </summary>
public static class Messaging
{
    public const string BrokerName = "rabbitmq";

    /// <summary>
    /// What a stopping host gives its consumers before their tokens are cancelled and their messages go back to the queue:
    /// shorter than the host's own limit, so that a consumer that waits for a model or a dependency does not use it up.
    /// </summary>
    private static readonly TimeSpan ConsumerStopTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Quorum queues, publisher confirms, error queues named "QUEUE_error" with the reason in their headers, no TTL.</summary>
    public static void AddRabbitMqMessaging(this WebApplicationBuilder builder, params Action<IBusRegistrationConfigurator>[] modules)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var broker = BrokerAddress(builder.Configuration);
        builder.Services.AddMassTransit(bus =>
        {
            Register(builder, bus, modules);
            bus.AddConfigureEndpointsCallback((_, endpoint) =>
            {
                if (endpoint is IRabbitMqReceiveEndpointConfigurator queue)
                {
                    queue.SetQuorumQueue();
                }
            });
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(broker, host => host.PublisherConfirmation = true);
                rabbit.ConfigureEndpoints(context);
            });
        });
    }

    public static void AddInProcessMessaging(this WebApplicationBuilder builder, params Action<IBusRegistrationConfigurator>[] modules)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddMassTransit(bus =>
        {
            Register(builder, bus, modules);
            // Error queues in memory would only grow: nobody reads them. The failure is told (Fault<T>) and recorded.
            bus.AddConfigureEndpointsCallback((_, endpoint) =>
            {
                endpoint.DiscardFaultedMessages();
                endpoint.DiscardSkippedMessages();
            });
            bus.UsingInMemory((context, memory) => memory.ConfigureEndpoints(context));
        });
    }

    /// <summary>Adds a <see cref="ReportPublisher{TReport, TMessage}"/>.</summary>
    /// <param name="services">The host's.</param>
    /// <param name="compose">The message of some reports.</param>
    public static void AddReports<TReport, TMessage>(this IServiceCollection services, Func<IReadOnlyList<TReport>, TMessage> compose)
        where TMessage : class =>
        services.AddSingleton(provider => new ReportPublisher<TReport, TMessage>(provider.GetRequiredService<IBus>(), compose, provider.GetRequiredService<TimeProvider>()));

    /// <exception cref="InvalidOperationException">No connection string, or it is no AMQP URI.</exception>
    public static Uri BrokerAddress(IConfiguration configuration)
    {
        var value = configuration.GetConnectionString(BrokerName);
        return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "amqp" or "amqps"
            ? address!
            : throw new InvalidOperationException(
                $"ConnectionStrings:{BrokerName}: {(string.IsNullOrEmpty(value) ? "it is not set" : "it is no amqp:// address")}. Give the broker's address, for example amqp://guest:guest@localhost:5672.");
    }

    private static void Register(WebApplicationBuilder builder, IBusRegistrationConfigurator bus, Action<IBusRegistrationConfigurator>[] modules)
    {
        builder.Services.Configure<MassTransitHostOptions>(options => options.ConsumerStopTimeout = ConsumerStopTimeout);
        bus.DisableUsageTelemetry();
        foreach (var module in modules)
        {
            module(bus);
        }
    }
}
