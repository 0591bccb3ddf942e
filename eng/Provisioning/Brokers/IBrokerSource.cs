namespace RagPlatform.Provisioning.Brokers;

/// <summary>One place that a broker can come from.</summary>
internal interface IBrokerSource
{
    Task<BrokerOffer> OfferAsync(BrokerOptions options, IProgress<ProvisioningProgress>? progress, CancellationToken cancellationToken);
}

/// <summary>A broker that answers, or the reason why this source has none, to stand in a list: lower case, no full stop.</summary>
internal readonly record struct BrokerOffer(BrokerHandle? Broker, string? Reason)
{
    public static BrokerOffer Of(BrokerHandle broker) => new(broker, null);

    public static BrokerOffer None(string reason) => new(null, reason);
}
