namespace RagPlatform.Provisioning;

/// <summary>What kind of broker is wanted.</summary>
public sealed record BrokerOptions
{
    /// <summary>Folder for the broker's queues and logs; used again by the next start, also after a crash. One broker per folder.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// False: the broker ends when the handle is disposed or this process dies. True: it goes on until
    /// <see cref="Broker.StopAsync"/> is called for the same folder, and a later call finds it running.
    /// </summary>
    public bool OutlivesCaller { get; init; }

    /// <summary>How long a started broker may take until it speaks AMQP, 1 s to 10 min. Pulling an image or a package is not counted.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Largest message that the broker passes on, in bytes: far above the ingestion limit, so that a drop that is too large is refused with our reason and not by a closed channel.</summary>
    public int MaxMessageBytes { get; init; } = 256 * 1024 * 1024;
}
