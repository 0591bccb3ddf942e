using System.Diagnostics;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Contracts.Ingestion;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>
/// All that this process holds of the registry's queue, within the options' limits: documents in processing slots, cut ones
/// whose batches wait to be published, and published ones until they are searchable. Only in memory: what it had taken waits
/// again after a restart.
/// </summary>
public sealed class WorkInHand(IOptions<IngestionOptions> options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<DocumentKey, HeldDocument> _documents = [];
    private readonly WorkRoom _room = new(options.Value);
    private readonly SendingTurns _turns = new();
    private long? _returnedAt;

    private TimeSpan StalledAfter => TimeSpan.FromSeconds(options.Value.ResumeStalledAfterSeconds);

    /// <summary>Set when something may be picked that could not be before.</summary>
    public WakeSignal Room { get; } = new();

    /// <summary>Set when a batch may be published that could not be before.</summary>
    public WakeSignal Batches { get; } = new();

    /// <summary>What it holds now.</summary>
    public WorkCounts Counts
    {
        get
        {
            lock (_lock)
            {
                return _room.Counts;
            }
        }
    }

    /// <summary>In processing slots.</summary>
    public IReadOnlySet<DocumentKey> Preparing()
    {
        lock (_lock)
        {
            return _room.Counts.Preparing == 0 ? new HashSet<DocumentKey>() : _documents.Where(entry => entry.Value.IsPreparing).Select(entry => entry.Key).ToHashSet();
        }
    }

    /// <summary>
    /// Whether one of the tenant's documents may be taken now. When all slots are in use there is one more, for a tenant that
    /// has none: large documents hold up their own tenant, and no other.
    /// </summary>
    public Admission Admits(string tenant)
    {
        lock (_lock)
        {
            return _room.Admits(tenant);
        }
    }

    /// <summary>Documents of the collection.</summary>
    public int CountOf(Lane lane)
    {
        lock (_lock)
        {
            return _room.CountOf(lane);
        }
    }

    /// <summary>Takes a document, in place of an older version of it. The caller has asked whether it may.</summary>
    public void Take(WaitingVersion version)
    {
        ArgumentNullException.ThrowIfNull(version);
        lock (_lock)
        {
            Dictionary<(long Version, int Batch), SentBatch> inFlight = [];
            if (_documents.TryGetValue(version.Key, out var former))
            {
                // Its vectors are still to come, whatever becomes of them.
                inFlight = former.InFlight;
                Remove(former);
            }

            _documents.Add(version.Key, _room.Add(version, inFlight));
        }
    }

    /// <summary>Frees the slot, and queues the batches to be published. Nothing happens if the version has left meanwhile.</summary>
    /// <param name="version">That was cut.</param>
    /// <param name="batches">At least one.</param>
    /// <param name="trace">That the sending belongs to.</param>
    public void Prepared(WaitingVersion version, IReadOnlyList<ChunksPrepared> batches, ActivityContext trace)
    {
        ArgumentNullException.ThrowIfNull(version);
        ArgumentNullException.ThrowIfNull(batches);
        lock (_lock)
        {
            if (Find(version.Key, version.Version) is not { IsPreparing: true } document)
            {
                return;
            }

            _room.LeaveSlot(document);
            _room.SetBytes(document, batches.Sum(batch => batch.Chunks.Sum(chunk => (long)sizeof(char) * chunk.Text.Length)));
            document.Unsent = new Queue<ChunksPrepared>(batches);
            document.SentAt = time.GetTimestamp();
            document.StartSpan(trace);
            _turns.Add(document);
        }

        Room.Set();
        Batches.Set();
    }

    /// <summary>The next batch to publish; it counts as in flight from here on. Null when there is none, or too much in flight.</summary>
    public OutgoingBatch? NextBatch()
    {
        lock (_lock)
        {
            if (_turns.Next(_room.MaySend) is not { } document)
            {
                return null;
            }

            var batch = document.Unsent.Dequeue();
            document.SentAt = time.GetTimestamp();
            document.InFlight[(batch.Version, batch.BatchIndex)] = new SentBatch(batch.Chunks.Count, document.SentAt);
            _room.CountChunks(document, batch.Chunks.Count);
            if (document.Unsent.Count == 0)
            {
                StopSending(document);
            }

            return new OutgoingBatch(batch, document.Span, IsLast: document.Unsent.Count == 0);
        }
    }

    /// <summary>A batch could not be published: it is the document's next again, unless that has left meanwhile.</summary>
    public void TakeBack(ChunksPrepared batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        lock (_lock)
        {
            if (Find(batch.Document, batch.Version) is { } document && document.InFlight.Remove((batch.Version, batch.BatchIndex)))
            {
                _room.CountChunks(document, -batch.Chunks.Count);
                if (document.IsStopped)
                {
                    RemoveIfDone(document);
                    return;
                }

                if (document.Unsent.Count == 0)
                {
                    _turns.Add(document);
                }

                document.Unsent = new Queue<ChunksPrepared>([batch, .. document.Unsent]);
            }
        }
    }

    /// <summary>A batch's vectors are there. Repeated, late and foreign reports change nothing.</summary>
    public void Returned(DocumentKey key, long version, int batchIndex)
    {
        lock (_lock)
        {
            _returnedAt = time.GetTimestamp();
            if (_documents.TryGetValue(key, out var document) && document.InFlight.Remove((version, batchIndex), out var batch))
            {
                _room.Return(document, batch.Chunks, time.GetElapsedTime(batch.SentAt));
                RemoveIfDone(document);
            }
        }

        Batches.Set();
    }

    /// <summary>Lets go of the document if this version, or an older one, is held.</summary>
    public void Leave(DocumentKey key, long version)
    {
        lock (_lock)
        {
            if (_documents.TryGetValue(key, out var document) && document.Picked.Version <= version)
            {
                Remove(document);
            }
        }

        Room.Set();
        Batches.Set();
    }

    /// <summary>
    /// A higher version was accepted: what is unsent of a lower one is not sent any more, and as nobody will report it indexed,
    /// it leaves when its vectors are back. One in a slot finds out by itself.
    /// </summary>
    public void Supersede(DocumentKey key, long version)
    {
        lock (_lock)
        {
            if (_documents.TryGetValue(key, out var document) && document.Picked.Version < version && document.Unsent.Count > 0)
            {
                StopSending(document);
                document.IsStopped = true;
                RemoveIfDone(document);
            }
        }
    }

    /// <summary>Lets go of superseded versions whose vectors do not come back: they are in no queue any more in which they could be found as stalled.</summary>
    public void ForgetStopped()
    {
        lock (_lock)
        {
            foreach (var document in _documents.Values.Where(document => document.IsStopped && time.GetElapsedTime(document.SentAt) >= StalledAfter).ToList())
            {
                Remove(document);
            }
        }

        Batches.Set();
    }

    /// <summary>
    /// Why a version has not moved for long. While it waits for its vectors it says something about itself only if those of
    /// others have come back since. That batches of it are unsent does not help it: the lost ones may be what they wait for.
    /// </summary>
    public Standstill Judge(DocumentKey key, long version)
    {
        lock (_lock)
        {
            return Find(key, version) switch
            {
                null => Standstill.Lost,
                { IsPreparing: true } or { Unsent.Count: > 0, InFlight.Count: 0 } => Standstill.UnderWay,
                { InFlight.Count: > 0 } document when time.GetElapsedTime(document.SentAt) < StalledAfter => Standstill.UnderWay,
                { InFlight.Count: > 0 } document when _returnedAt is null || _returnedAt < document.SentAt => Standstill.ModelStandsStill,
                _ => Standstill.Stalled,
            };
        }
    }

    private HeldDocument? Find(DocumentKey key, long version) =>
        _documents.TryGetValue(key, out var document) && document.Picked.Version == version ? document : null;

    private void RemoveIfDone(HeldDocument document)
    {
        if (document is { IsStopped: true, InFlight.Count: 0 })
        {
            Remove(document);
        }
    }

    private void Remove(HeldDocument document)
    {
        StopSending(document);
        document.EndSpan();
        _documents.Remove(document.Picked.Key);
        _room.Remove(document);
    }

    private void StopSending(HeldDocument document)
    {
        _turns.Remove(document);
        document.Unsent = new Queue<ChunksPrepared>();
        _room.SetBytes(document, 0);
        Room.Set();
    }
}
