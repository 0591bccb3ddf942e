using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Options;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Cache;

/// <summary>
/// The vectors of passages embedded before, so that one that is sent again costs no computation. New ones are written in the
/// background; those not written yet are found in memory, at most 4,096. Where the disk fails, the service goes on without.
/// </summary>
internal sealed partial class VectorCache(IOptions<EmbeddingOptions> options, TimeProvider time, ILogger<VectorCache> logger) : BackgroundService
{
    private const string FileName = "vectors.db";
    private const int MaxUnwritten = 4096;
    private const int MaxWrittenAtOnce = 256;
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<VectorKey, TextEmbedding> unwritten = new();
    private readonly Channel<VectorKey> writing = Channel.CreateBounded<VectorKey>(MaxUnwritten);
    private VectorDatabase? database;
    private long measuredBytes;
    private long pausedUntilTicks;

    /// <summary>Null while there is none to use.</summary>
    private VectorDatabase? Usable => time.GetUtcNow().UtcTicks < Volatile.Read(ref pausedUntilTicks) ? null : database;

    /// <summary>For every key its vector, or null.</summary>
    public TextEmbedding?[] Find(IReadOnlyList<VectorKey> keys)
    {
        try
        {
            var found = Usable?.Find(keys) ?? new TextEmbedding?[keys.Count];
            for (var i = 0; i < found.Length; i++)
            {
                found[i] ??= unwritten.GetValueOrDefault(keys[i]);
            }

            return found;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Pause(exception);
            return new TextEmbedding?[keys.Count];
        }
    }

    /// <summary>Remembers a vector. More than can be written are forgotten.</summary>
    public void Add(VectorKey key, TextEmbedding embedding)
    {
        if (Usable is not null && unwritten.TryAdd(key, embedding) && !writing.Writer.TryWrite(key))
        {
            unwritten.TryRemove(key, out _);
        }
    }

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.CacheMegabytes > 0)
        {
            try
            {
                database = new VectorDatabase(Path.Combine(options.Value.CacheDirectory, FileName), options.Value.CacheMegabytes * 1024L * 1024);
                MeasureBytes();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                Pause(exception);
            }
        }

        return base.StartAsync(cancellationToken);
    }

    public override void Dispose()
    {
        base.Dispose();
        database?.Dispose();
    }

    /// <summary>Writes what is left, also where the background had not begun.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        while (writing.Reader.TryPeek(out _))
        {
            await WriteAsync();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await writing.Reader.WaitToReadAsync(stoppingToken))
        {
            await WriteAsync();
        }
    }

    private async Task WriteAsync()
    {
        var batch = new List<KeyValuePair<VectorKey, TextEmbedding>>();
        while (batch.Count < MaxWrittenAtOnce && writing.Reader.TryRead(out var key))
        {
            batch.Add(new(key, unwritten[key]));
        }

        try
        {
            if (Usable is { } open)
            {
                await open.WriteAsync(batch, CancellationToken.None);
                MeasureBytes();
            }
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            Pause(exception);
        }

        batch.ForEach(vector => unwritten.TryRemove(vector.Key, out _));
    }

    private void Pause(Exception exception)
    {
        Volatile.Write(ref pausedUntilTicks, (time.GetUtcNow() + PauseAfterFailure).UtcTicks);
        LogWithout(logger, exception, PauseAfterFailure.TotalSeconds, options.Value.CacheDirectory);
    }

    private void MeasureBytes()
    {
        var usedBytes = database?.UsedBytes ?? 0;
        EmbeddingTelemetry.CacheChanged(usedBytes - measuredBytes);
        measuredBytes = usedBytes;
    }

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "No vectors are remembered for {Seconds} s: the cache in {Directory} failed")]
    private static partial void LogWithout(ILogger logger, Exception exception, double seconds, string directory);
}
