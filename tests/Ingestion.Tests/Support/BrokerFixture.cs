using RagPlatform.Provisioning;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Support;

/// <summary>Needs RabbitMQ: the broker that ConnectionStrings__rabbitmq names, or an installed rabbitmq-server.</summary>
internal sealed class RequiresBrokerFactAttribute()
    : RequiresFactAttribute(
        IsAvailable,
        "There is no RabbitMQ: set ConnectionStrings__rabbitmq or install rabbitmq-server.")
{
    public static bool IsAvailable { get; } =
        Environment.GetEnvironmentVariable("ConnectionStrings__rabbitmq") is { Length: > 0 } || File.Exists("/usr/lib/rabbitmq/bin/rabbitmq-server");
}

[CollectionDefinition(Name)]
public sealed class BrokerCollection : ICollectionFixture<BrokerFixture>
{
    public const string Name = "broker";
}

/// <summary>One real broker for all tests that need it, one after the other.</summary>
public sealed class BrokerFixture : IAsyncLifetime
{
    private readonly TestFolder _folder = new();
    private BrokerHandle? _broker;

    public Uri Address => _broker!.ConnectionString;

    public async Task InitializeAsync()
    {
        if (RequiresBrokerFactAttribute.IsAvailable)
        {
            _broker = await Broker.ProvideAsync(new BrokerOptions { DataDirectory = _folder.Path }, progress: null, CancellationToken.None)
                .WithTimeout("the broker's start", TimeSpan.FromSeconds(90));
        }
    }

    public async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _folder.Dispose();
    }
}
