using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.TrackBatch;

/// <summary>How fast a batch is embedded.</summary>
/// <param name="WorkPerSecond">Characters, each chunk with its overhead, beside what the documents themselves take: of late, with the whole run's as prior.</param>
/// <param name="ChunksPerSecond">With all that they take.</param>
/// <param name="SecondsPerDocument">That a document takes beside its text.</param>
internal sealed record BatchRate(double WorkPerSecond, double ChunksPerSecond, double SecondsPerDocument)
{
    /// <summary>
    /// Registered, told of, staged and switched to, in all services (bench/results/ingest.md): where small documents come
    /// first, a third of their time and nothing of the large ones'.
    /// </summary>
    private const double UsualSecondsPerDocument = 0.0065;

    /// <summary>More of the time is not ascribed to documents, however fast the model is.</summary>
    private const double MaxDocumentsShare = 0.9;

    /// <summary>Of late, at least: where results come seldom and many at once, a few of them tell little.</summary>
    private const int LeastSlots = 20;

    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(15);

    /// <summary>Null before there is enough to tell.</summary>
    /// <param name="slots">By time; only those in which anything was embedded.</param>
    /// <param name="chunkOverhead">Of a chunk, in characters.</param>
    /// <param name="now">The moment.</param>
    /// <param name="window">What "of late" means.</param>
    /// <param name="priorSeconds">How much the whole run weighs.</param>
    /// <param name="shortestSeconds">Below, nothing can be told.</param>
    public static BatchRate? Measure(IReadOnlyList<BatchSlot> slots, double chunkOverhead, DateTimeOffset now, TimeSpan window, double priorSeconds, double shortestSeconds)
    {
        if (slots.Count == 0)
        {
            return null;
        }

        // A slot's work was done since the slot before it. What is much longer than the slots are usually apart is a pause:
        // the time in which nothing ran says nothing of how fast it runs.
        var ends = slots.Select(slot => slot.Start + BatchSlot.Length < now ? slot.Start + BatchSlot.Length : now).ToArray();
        var gaps = ends.Zip(ends.Skip(1), (earlier, later) => later - earlier).Order().ToArray();
        var usual = gaps.Length == 0 ? BatchSlot.Length : gaps[gaps.Length / 2];
        var longest = 3 * usual < ShortestPause ? ShortestPause : 3 * usual;
        // What has been done since the last slot is told with the next one: only a wait that is longer than usual counts.
        var overdue = Shorter(now - ends[^1] - usual, longest);
        Sum recent = new(), whole = new();
        recent.Add(null, overdue, chunkOverhead);
        whole.Add(null, overdue, chunkOverhead);
        for (var index = slots.Count - 1; index >= 0; index--)
        {
            // Nobody knows how long the first one's work took: where there is more, it is left out.
            if (index == 0 && slots.Count > 2)
            {
                break;
            }

            var time = index == 0 ? ends[0] - slots[0].Start : Shorter(ends[index] - ends[index - 1], longest);
            if (recent.Seconds < window.TotalSeconds || slots.Count - index <= LeastSlots)
            {
                recent.Add(slots[index], time, chunkOverhead);
            }

            whole.Add(slots[index], time, chunkOverhead);
        }

        if (whole.Seconds < shortestSeconds)
        {
            return null;
        }

        var prior = priorSeconds / whole.Seconds;
        var seconds = recent.Seconds + priorSeconds;
        var documents = recent.Documents + (whole.Documents * prior);
        var perDocument = Math.Min(UsualSecondsPerDocument, MaxDocumentsShare * seconds / Math.Max(documents, 1));
        return new BatchRate(
            (recent.Work + (whole.Work * prior)) / (seconds - (documents * perDocument)), (recent.Chunks + (whole.Chunks * prior)) / seconds, perDocument);
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private sealed class Sum
    {
        public double Seconds { get; private set; }

        public double Work { get; private set; }

        public double Documents { get; private set; }

        public double Chunks { get; private set; }

        public void Add(BatchSlot? slot, TimeSpan time, double chunkOverhead)
        {
            Seconds += Math.Max(0, time.TotalSeconds);
            Chunks += slot?.Chunks ?? 0;
            Documents += slot?.Documents ?? 0;
            Work += slot is null ? 0 : slot.Characters + (chunkOverhead * slot.Chunks);
        }
    }
}
