using RagPlatform.Retrieval.Storage.QdrantStore.Api;
using RagPlatform.Search;
using RagPlatform.Search.Fusion;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>The visible chunks that a search's arms found; a chunk's row is the order in which it was met.</summary>
internal sealed class FoundChunks(VisibleRevisions.Reading reading) : ICandidateReader
{
    private readonly List<ScoredPoint> _chunks = [];
    private readonly Dictionary<Guid, int> _rows = [];
    private readonly Dictionary<Guid, float> _lexicalScores = [];
    private readonly Dictionary<Guid, float> _vectorScores = [];
    private readonly Dictionary<Guid, ReadOnlyMemory<float>> _vectors = [];

    public PointPayload this[int row] => _chunks[row].Payload!;

    public Guid Id(int row) => _chunks[row].Id;

    /// <returns>Those that searches see, best first.</returns>
    public List<ScoredRow> AddVisible(IReadOnlyList<ScoredPoint> proposed)
    {
        var rows = new List<ScoredRow>(proposed.Count);
        foreach (var point in proposed)
        {
            if (!reading.Sees(point.Payload?.DocumentId, point.Payload?.Revision))
            {
                continue;
            }

            if (_rows.TryAdd(point.Id, _chunks.Count))
            {
                _chunks.Add(point);
            }

            rows.Add(new ScoredRow(_rows[point.Id], point.Score));
        }

        return rows;
    }

    /// <summary>Of all chunks but these.</summary>
    public IReadOnlyList<Guid> IdsBeyond(List<ScoredRow> proposed)
    {
        var rows = proposed.Select(row => row.Row).ToHashSet();
        return [.. Enumerable.Range(0, _chunks.Count).Where(row => !rows.Contains(row)).Select(Id)];
    }

    /// <summary>Of chunks that the arm did not propose.</summary>
    public void AddScores(ArmAnswers scored)
    {
        AddScores(scored.Lexical, _lexicalScores);
        AddScores(scored.Vectors, _vectorScores);
    }

    /// <summary>Of chunks that came without.</summary>
    public void AddVectors(IReadOnlyList<PointRecord> points)
    {
        foreach (var point in points)
        {
            _vectors[point.Id] = point.Vector?.Dense ?? default;
        }
    }

    public string ChunkId(int row) => this[row].ChunkId ?? "";

    public string DocumentId(int row) => this[row].DocumentId ?? "";

    public string Title(int row) => this[row].Title ?? "";

    public string Text(int row) => this[row].Text ?? "";

    public ReadOnlySpan<float> Vector(int row) => (_chunks[row].Vector?.Dense ?? _vectors.GetValueOrDefault(Id(row))).Span;

    /// <summary>Qdrant answers nothing for a chunk that shares no term with the query.</summary>
    public float LexicalScore(int row) => _lexicalScores.GetValueOrDefault(Id(row));

    public float VectorScore(int row) => _vectorScores.GetValueOrDefault(Id(row));

    private static void AddScores(IReadOnlyList<ScoredPoint> scored, Dictionary<Guid, float> scores)
    {
        foreach (var point in scored)
        {
            scores[point.Id] = point.Score;
        }
    }
}
