using System.Diagnostics.CodeAnalysis;

namespace RagPlatform.Embedding.Serving;

/// <summary>
/// The jobs that wait for a model, and whose inputs the next slice takes: queries before passages, jobs of a priority in
/// turn, and a slice of passages after every 8 of queries, so that neither an Ask waits for a document nor a flood of
/// questions stops ingestion. Queries and passages have room of their own. Not thread-safe: the queue's lock guards it.
/// </summary>
/// <param name="options">How much may wait.</param>
internal sealed class WaitingJobs<TInput, TOutput>(EmbeddingOptions options)
{
    public const int MaxQuerySlicesInARow = 8;

    private readonly Line queries = new();
    private readonly Line passages = new();
    private int querySlicesInARow;

    public int Inputs => queries.Inputs + passages.Inputs;

    public int Tokens => queries.Tokens + passages.Tokens;

    public IEnumerable<ModelJob<TInput, TOutput>> All => queries.Jobs.Concat(passages.Jobs);

    /// <summary>Whether a caller must be refused; how many inputs and tokens wait before it then.</summary>
    public bool IsFullFor(ModelJob<TInput, TOutput> job, [NotNullWhen(true)] out QueueState? state)
    {
        var line = LineOf(job.Priority);
        state = QueueState.WhenFull(line.Inputs, line.Tokens, job.WaitingInputs, job.WaitingTokens, options);
        return state is not null;
    }

    public void Add(ModelJob<TInput, TOutput> job)
    {
        var line = LineOf(job.Priority);
        line.Jobs.AddLast(job);
        line.Count(job.WaitingInputs, job.WaitingTokens);
    }

    /// <summary>Whether it was still waiting.</summary>
    public bool Remove(ModelJob<TInput, TOutput> job)
    {
        var line = LineOf(job.Priority);
        if (!line.Jobs.Remove(job))
        {
            return false;
        }

        line.Count(-job.WaitingInputs, -job.WaitingTokens);
        return true;
    }

    /// <summary>The next inputs, from one job or several, at most so many tokens but at least one input; none when nothing waits.</summary>
    public List<SlicePart<TInput, TOutput>> TakeSlice(int maxTokens)
    {
        var passagesTurn = passages.Jobs.Count > 0 && (queries.Jobs.Count == 0 || querySlicesInARow >= MaxQuerySlicesInARow);
        var line = passagesTurn ? passages : queries;
        var slice = new List<SlicePart<TInput, TOutput>>();
        var served = new List<LinkedListNode<ModelJob<TInput, TOutput>>>();
        var room = maxTokens;
        for (var node = line.Jobs.First; node is not null && room > 0;)
        {
            // One whose next input does not fit keeps its place, so that it is the first of the next slice.
            var (job, next) = (node, node.Next);
            node = next;
            var part = job.Value.Take(room, atLeastOne: slice.Count == 0);
            if (part.Inputs.Length > 0)
            {
                slice.Add(part);
                room -= part.Tokens;
                line.Count(-part.Inputs.Length, -part.Tokens);
                line.Jobs.Remove(job);
                served.Add(job);
            }
        }

        foreach (var job in served.Where(job => job.Value.WaitingInputs > 0))
        {
            line.Jobs.AddLast(job);
        }

        querySlicesInARow = passagesTurn || slice.Count == 0 ? 0 : querySlicesInARow + 1;
        return slice;
    }

    private Line LineOf(JobPriority priority) => priority == JobPriority.Query ? queries : passages;

    private sealed class Line
    {
        public LinkedList<ModelJob<TInput, TOutput>> Jobs { get; } = new();

        public int Inputs { get; private set; }

        public int Tokens { get; private set; }

        public void Count(int inputs, int tokens)
        {
            Inputs += inputs;
            Tokens += tokens;
        }
    }
}
