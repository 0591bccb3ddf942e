namespace RagPlatform.Gateway.Access;

/// <summary>Says on start when nobody can get in.</summary>
internal sealed partial class KeylessWarning(ApiKeys keys, ILogger<KeylessWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (keys.Count == 0)
        {
            LogNoKeys(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "No API key is configured: every call will be refused. Set Gateway:ApiKeys:0:Key and Gateway:ApiKeys:0:Tenant.")]
    private static partial void LogNoKeys(ILogger logger);
}
