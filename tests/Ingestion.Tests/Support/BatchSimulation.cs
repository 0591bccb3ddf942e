using RagPlatform.Ingestion.Features.TrackBatch;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Tests.Support;

/// <summary>
/// A batch that is embedded second by second: documents of log-normal sizes arrive, are cut into chunks of about 800
/// characters that overlap, and a model reads so many characters a second, each chunk with its headings; each document
/// takes time of its own.
/// </summary>
internal sealed class BatchSimulation(int seed)
{
    private const int ChunkCharacters = 800;
    private const int OverlapCharacters = 130;
    private const int HeadingCharacters = 60;
    private const int CutAhead = 64;
    private static readonly DateTimeOffset Start = new(2027, 1, 15, 8, 0, 0, TimeSpan.Zero);

    private readonly Random _random = new(seed);
    private readonly List<BatchSlot> _slots = [];
    private List<Work>? _all;
    private double _credit;
    private int _end;

    public required int Documents { get; init; }
    public required double CharactersPerSecond { get; init; }
    /// <summary>A document's, beside its text.</summary>
    public double SecondsPerDocument { get; init; } = 0.0065;
    public bool SmallFirst { get; init; }
    /// <summary>All at once when 0.</summary>
    public int ArrivalsPerSecond { get; init; }
    public bool IsDeclared { get; init; }
    /// <summary>Every so many is of a type whose bytes give a tenth of the text; none when 0.</summary>
    public int DenseEvery { get; init; }
    public int PauseFromSecond { get; init; } = int.MaxValue;
    public int PauseSeconds { get; init; }
    /// <summary>Reported together.</summary>
    public int ChunksAtOnce { get; init; } = 1;

    /// <summary>Known once it has run.</summary>
    public double TrueRemaining(int second) => _end - second;

    /// <summary>Runs it twice: first to learn its end, then asking for an estimate each tenth second.</summary>
    public void Run(Action<int, TimeSpan?> check)
    {
        var all = All();
        for (_end = 0; all.Any(work => !work.IsDone); _end++)
        {
            Step(_end);
        }

        var (end, seconds) = (_end, 0);
        all.ForEach(work => work.Reset());
        _slots.Clear();
        _credit = 0;
        _end = end;
        for (; seconds < end; seconds++)
        {
            Step(seconds);
            if (seconds % 10 == 0)
            {
                check(seconds + 1, EstimateAt(seconds + 1).Remaining);
            }
        }
    }

    public BatchEstimate EstimateAt(int second)
    {
        var arrived = All().Where(work => work.ArrivesAt <= second).ToList();
        var groups = arrived.GroupBy(work => (State: work.State, work.ContentType, Class: (int)(Math.Log2(work.Bytes) / 2))).Select(group => new BatchGroup(
            group.Key.State, group.Key.ContentType, group.Key.Class, group.Count(), group.Sum(work => (long)work.Bytes),
            group.Sum(work => work.IsCut ? (long)work.Characters : 0), group.Sum(work => work.IsCut ? (long)work.Chunks : 0), group.Sum(work => (long)work.Embedded)));
        return BatchEstimator.Estimate(
            new Batch
            {
                Tenant = "default", Id = "run", CreatedAt = Start, LastPutAt = Start, Unchanged = 0, UnchangedBytes = 0,
                ExpectedDocuments = IsDeclared ? Documents : 0, ExpectedBytes = IsDeclared ? All().Sum(work => (long)work.Bytes) : 0,
                Groups = [.. groups], Slots = [.. _slots],
            },
            Start.AddSeconds(second));
    }

    private List<Work> All() => _all ??= [.. Enumerable.Range(0, Documents).Select(index => new Work(Sample(), ArrivalsPerSecond == 0 ? 0 : index / ArrivalsPerSecond, DenseEvery > 0 && index % DenseEvery == 0))];

    /// <summary>A median of 3 kB, one in a hundred over 60 kB.</summary>
    private int Sample()
    {
        var normal = Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
        return Math.Clamp((int)Math.Exp(8 + (1.3 * normal)), 100, 1_000_000);
    }

    private void Step(int second)
    {
        if (second >= PauseFromSecond && second < PauseFromSecond + PauseSeconds)
        {
            return;
        }

        _credit += CharactersPerSecond;
        var waiting = All().Where(work => !work.IsDone && work.ArrivesAt <= second);
        var queue = (SmallFirst ? waiting.OrderByDescending(work => work.IsCut).ThenBy(work => work.Bytes) : waiting).ToList();
        queue.Take(CutAhead).ToList().ForEach(work => work.IsCut = true);
        foreach (var work in queue)
        {
            work.IsCut = true;
            while (!work.IsDone)
            {
                var chunks = Math.Min(ChunksAtOnce, work.Chunks - work.Embedded);
                var cost = chunks * (work.ChunkCost + (CharactersPerSecond * SecondsPerDocument / work.Chunks));
                if (_credit < cost)
                {
                    return;
                }

                _credit -= cost;
                Embed(work, chunks, second);
            }
        }

        _credit = 0;
    }

    private void Embed(Work work, int chunks, int second)
    {
        work.Embedded += chunks;
        var start = Start.AddSeconds(second / 5 * 5);
        var characters = (long)work.Characters * chunks / work.Chunks;
        var documents = (double)chunks / work.Chunks;
        if (_slots.Count > 0 && _slots[^1].Start == start)
        {
            _slots[^1] = _slots[^1] with
            {
                Chunks = _slots[^1].Chunks + chunks, Characters = _slots[^1].Characters + characters, Documents = _slots[^1].Documents + documents,
            };
        }
        else
        {
            _slots.Add(new BatchSlot(start, chunks, characters, documents));
        }
    }

    private sealed class Work(int bytes, int arrivesAt, bool isDense)
    {
        public int Bytes => bytes;

        public int ArrivesAt => arrivesAt;

        public string ContentType => isDense ? "application/pdf" : "text/markdown";

        public int Characters { get; } = Math.Max(1, isDense ? bytes / 10 : bytes);

        public int Chunks => 1 + (Math.Max(0, Characters - ChunkCharacters) / (ChunkCharacters - OverlapCharacters));

        /// <summary>Of the model's time, in characters.</summary>
        public double ChunkCost => ((double)Characters / Chunks) + (Chunks == 1 ? 0 : OverlapCharacters) + HeadingCharacters;

        public int Embedded { get; set; }

        public bool IsCut { get; set; }

        public bool IsDone => Embedded == Chunks;

        public DocumentState State => IsDone ? DocumentState.Indexed : IsCut ? DocumentState.Embedding : DocumentState.Received;

        public void Reset() => (Embedded, IsCut) = (0, false);
    }
}
