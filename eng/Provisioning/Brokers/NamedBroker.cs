namespace RagPlatform.Provisioning.Brokers;

/// <summary>The broker that the user names; it is theirs and is never stopped.</summary>
internal sealed class NamedBroker : IBrokerSource
{
    public const string Variable = "ConnectionStrings__rabbitmq";

    private readonly string? connectionString;

    public NamedBroker()
        : this(Environment.GetEnvironmentVariable(Variable))
    {
    }

    internal NamedBroker(string? connectionString) => this.connectionString = connectionString;

    public async Task<BrokerOffer> OfferAsync(BrokerOptions options, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            return BrokerOffer.None($"{Variable} is not set");
        }

        // A named broker that is wrong or down is the user's to mend: another one instead would hide it.
        if (!Uri.TryCreate(connectionString, UriKind.Absolute, out var address) || address.Scheme is not ("amqp" or "amqps"))
        {
            throw new ProvisioningException($"{Variable} is not an amqp:// or amqps:// address: give it as amqp://user:password@host:port/.");
        }

        var port = address.Port > 0 ? address.Port : address.Scheme == "amqps" ? 5671 : 5672;
        if (!await AmqpProbe.AcceptsConnectionsAsync(address.Host, port, TimeSpan.FromSeconds(10), cancellationToken))
        {
            throw new ProvisioningException($"The broker that {Variable} names, {address.Host}:{port}, does not answer: start it, or unset the variable.");
        }

        return BrokerOffer.Of(new BrokerHandle(address, $"RabbitMQ at {address.Host}:{port}, named by {Variable}."));
    }
}
