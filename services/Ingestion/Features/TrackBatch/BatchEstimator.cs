using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.TrackBatch;

/// <summary>
/// How far a batch is and how long it will take. Work is measured in characters to embed: a model's time goes with the
/// text that it reads, not with documents (their sizes differ a thousandfold) nor quite with chunks (small documents,
/// which come first, give short ones); beside it a document takes some milliseconds of its own. What was not cut yet is estimated from what was, by type and size; the rate is
/// that of late, with the whole run's as prior. Pure: the same batch and moment give the same estimate.
/// </summary>
public static class BatchEstimator
{
    /// <summary>What a chunk costs beside its own text, as characters: headings, special tokens, and what it repeats of the one before.</summary>
    private const double ChunkOverheadCharacters = 200;

    /// <summary>Before anything is measured: a byte gives so many chunks, and so much work.</summary>
    private const double GuessedChunksPerByte = 1.0 / 600;
    private const double GuessedWorkPerByte = 1 + (ChunkOverheadCharacters / 600);

    /// <summary>A measure counts fully once it rests on more than about so many bytes.</summary>
    private const double PriorBytes = 20_000;

    private const double PriorSeconds = 20;
    private const double ShortestMeasureSeconds = 3;
    private static readonly TimeSpan RecentWindow = TimeSpan.FromSeconds(60);

    public static BatchEstimate Estimate(Batch batch, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(batch);
        var measure = new BatchMeasure(batch.Groups);
        double done = 0, left = 0, knownChunks = 0, chunksLeft = 0, documentsLeft = 0;
        foreach (var group in batch.Groups)
        {
            switch (group.State)
            {
                case DocumentState.Indexed:
                    done += Work(group.TextCharacters, group.Chunks);
                    knownChunks += group.Chunks;
                    break;
                case DocumentState.Embedding or DocumentState.Indexing:
                    var work = Work(group.TextCharacters, group.Chunks);
                    var share = group.Chunks == 0 ? 0 : Math.Min(1, (double)group.EmbeddedChunks / group.Chunks);
                    done += share * work;
                    left += (1 - share) * work;
                    documentsLeft += (1 - share) * group.Documents;
                    knownChunks += group.Chunks;
                    break;
                case DocumentState.Received or DocumentState.Extracting or DocumentState.Chunking:
                    left += group.ContentBytes * measure.WorkPerByte(group);
                    chunksLeft += group.ContentBytes * measure.ChunksPerByte(group);
                    documentsLeft += group.Documents;
                    break;
            }
        }

        var bytesToCome = BytesToCome(batch);
        left += bytesToCome * measure.OverallWorkPerByte;
        chunksLeft += bytesToCome * measure.OverallChunksPerByte;
        documentsLeft += Math.Max(0, batch.ExpectedDocuments - Arrived(batch));
        var isAtRest = IsAtRest(batch);
        var rates = BatchRate.Measure(batch.Slots, ChunkOverheadCharacters, now, RecentWindow, PriorSeconds, ShortestMeasureSeconds);
        return new BatchEstimate
        {
            IsAtRest = isAtRest,
            Progress = isAtRest ? 1 : left + done <= 0 ? 0 : Math.Clamp(done / (done + left), 0, 1),
            EstimatedChunks = (long)Math.Round(knownChunks + chunksLeft),
            ChunksPerSecond = rates?.ChunksPerSecond ?? 0,
            Remaining = isAtRest ? TimeSpan.Zero : rates is { WorkPerSecond: > 0 } ? Seconds((left / rates.WorkPerSecond) + (documentsLeft * rates.SecondsPerDocument)) : null,
        };
    }

    /// <summary>Nothing is on its way, and as many puts as declared have come.</summary>
    public static bool IsAtRest(Batch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return batch.Groups.All(group => group.State is null || group.State.Value.IsAtRest())
            && (batch.ExpectedDocuments > 0 ? Arrived(batch) >= batch.ExpectedDocuments : Arrived(batch) > 0);
    }

    internal static double Work(double characters, double chunks) => characters + (ChunkOverheadCharacters * chunks);

    private static long Arrived(Batch batch) => batch.Groups.Sum(group => group.Documents) + batch.Unchanged;

    /// <summary>Of what was declared and has not arrived; documents count as large as those that have where no bytes were declared.</summary>
    private static double BytesToCome(Batch batch)
    {
        var arrivedBytes = batch.Groups.Sum(group => group.ContentBytes) + batch.UnchangedBytes;
        var arrived = Arrived(batch);
        if (batch.ExpectedDocuments <= arrived)
        {
            return 0;
        }

        return batch.ExpectedBytes > 0
            ? Math.Max(0, batch.ExpectedBytes - arrivedBytes)
            : arrived == 0 ? 0 : (batch.ExpectedDocuments - arrived) * ((double)arrivedBytes / arrived);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(Math.Min(seconds, TimeSpan.FromDays(365).TotalSeconds));

    /// <summary>Chunks and work that a byte gives, by what was cut of the batch: of this type and size, else of this type, else of all.</summary>
    private sealed class BatchMeasure
    {
        private readonly List<BatchGroup> _cut;
        private readonly (double Chunks, double Work) _overall;

        public BatchMeasure(IReadOnlyList<BatchGroup> groups)
        {
            _cut = [.. groups.Where(group => group.State is DocumentState.Embedding or DocumentState.Indexing or DocumentState.Indexed && group.Chunks > 0)];
            _overall = Blend(_cut, (GuessedChunksPerByte, GuessedWorkPerByte));
        }

        public double OverallChunksPerByte => _overall.Chunks;

        public double OverallWorkPerByte => _overall.Work;

        public double ChunksPerByte(BatchGroup group) => Of(group).Chunks;

        public double WorkPerByte(BatchGroup group) => Of(group).Work;

        /// <summary>From the general to the particular: each is the prior of the next. Sizes between count more the nearer they are.</summary>
        private (double Chunks, double Work) Of(BatchGroup group)
        {
            var ofType = _cut.Where(cut => cut.ContentType == group.ContentType).ToList();
            return ofType.Select(cut => Math.Abs(cut.SizeClass - group.SizeClass)).Distinct().OrderDescending()
                .Aggregate(_overall, (prior, distance) => Blend([.. ofType.Where(cut => Math.Abs(cut.SizeClass - group.SizeClass) == distance)], prior));
        }

        private static (double Chunks, double Work) Blend(List<BatchGroup> cut, (double Chunks, double Work) prior)
        {
            double bytes = cut.Sum(group => group.ContentBytes), chunks = cut.Sum(group => group.Chunks), characters = cut.Sum(group => group.TextCharacters);
            return ((chunks + (prior.Chunks * PriorBytes)) / (bytes + PriorBytes), (Work(characters, chunks) + (prior.Work * PriorBytes)) / (bytes + PriorBytes));
        }
    }
}

/// <summary>What <see cref="BatchEstimator"/> finds.</summary>
public sealed record BatchEstimate
{
    public required bool IsAtRest { get; init; }
    /// <summary>0 to 1, of the work.</summary>
    public required double Progress { get; init; }
    /// <summary>Of the whole batch.</summary>
    public required long EstimatedChunks { get; init; }
    /// <summary>Of late; 0 while unknown.</summary>
    public required double ChunksPerSecond { get; init; }
    /// <summary>Null while unknown.</summary>
    public required TimeSpan? Remaining { get; init; }
}
