namespace RagPlatform.Provisioning;

/// <summary>A RabbitMQ broker that answers. Disposing ends what was started for this handle, and nothing else.</summary>
public sealed class BrokerHandle(Uri connectionString, string description, Func<ValueTask>? stop = null) : IAsyncDisposable
{
    private Func<ValueTask>? stop = stop;

    /// <summary>amqp://user:password@host:port/, as <c>ConnectionStrings__rabbitmq</c> takes it.</summary>
    public Uri ConnectionString { get; } = connectionString;

    /// <summary>One line for people: which broker it is and where it comes from.</summary>
    public string Description { get; } = description;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref stop, null) is { } once ? once() : ValueTask.CompletedTask;
}
