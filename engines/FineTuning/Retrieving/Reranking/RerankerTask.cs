using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Ranking;
using RagPlatform.FineTuning.Retrieving.Training;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Reranking;

/// <summary>An encoder with a head learns to score an answer, read together with its query, above what only looks like it.</summary>
/// <param name="encoder">What learns.</param>
/// <param name="head">What learns with it.</param>
/// <param name="pairs">What it learns from, and is validated on.</param>
/// <param name="settings">Of the method.</param>
/// <param name="identity">Of the data and the settings.</param>
internal sealed class RerankerTask(
    TrainableEncoder encoder, TrainableScoreHead head, PreparedPairs pairs, RerankerSettings settings, string identity) : ITrainingTask
{
    /// <summary>Scored in a validation at most, which is done every epoch.</summary>
    private const int ValidationPairs = 1000;

    private const int LeastCandidates = 5;

    private readonly ContrastiveExample[] examples = [.. pairs.Examples.Where(example => example.Negatives.Count > 0)];
    private readonly int width = encoder.HiddenSize;

    public IReadOnlyList<Parameter> Parameters { get; } = [.. encoder.Parameters, .. head.Parameters];

    public IReadOnlyList<int> ExampleTokens => [.. examples.Select(example => (1 + Math.Min(settings.HardNegatives, example.Negatives.Count))
        * (pairs.Texts.Query(example.Query).Ids.Length + pairs.Texts.Passage(example.Positive).Ids.Length))];

    public string Identity => identity;

    public bool CanValidate => pairs.Validation.Count > 0;

    public double RateFactor(Parameter parameter) => head.Parameters.Contains(parameter) ? settings.HeadRate : 1;

    /// <summary>What meets in a batch does not matter here: any batches of any lengths.</summary>
    public IReadOnlyList<int[]>? PlanEpoch(int epoch, ulong seed) => [.. RandomSeed.Permutation(seed, examples.Length).Chunk(settings.Loop.BatchExamples)];

    /// <summary>In pieces of as many tokens as a batch may have: each example's loss is its own.</summary>
    public StepLoss Accumulate(ReadOnlySpan<int> batch, double scale, ulong seed, CancellationToken cancellationToken)
    {
        var lists = new EncodedPair[batch.Length][];
        for (var i = 0; i < lists.Length; i++)
        {
            var example = examples[batch[i]];
            lists[i] = Inputs(example.Query, [example.Positive, .. Drawn(example, RandomSeed.Derive(seed, (ulong)batch[i]))]);
        }
        var (loss, tokens) = (0.0, 0);
        for (int first = 0, end; first < lists.Length; first = end)
        {
            var pieceTokens = TokensOf(lists[first]);
            for (end = first + 1; end < lists.Length && pieceTokens + TokensOf(lists[end]) <= settings.Loop.BatchTokens; end++)
            {
                pieceTokens += TokensOf(lists[end]);
            }
            loss += Learn(lists[first..end], scale / lists.Length, RandomSeed.Derive(seed, (ulong)first), cancellationToken) / lists.Length;
            tokens += pieceTokens;
        }
        return new StepLoss(loss, tokens);
    }

    /// <summary>Of every validation query the best of the first search, ranked anew.</summary>
    public ValidationResult Validate(CancellationToken cancellationToken)
    {
        var queries = pairs.Validation;
        var depth = Math.Clamp(ValidationPairs / queries.Count, LeastCandidates, settings.Candidates);
        var (rankings, losses) = (new Dictionary<int, int[]>(), new List<double>());
        foreach (var query in queries)
        {
            var candidates = pairs.FirstSearch(query.Query, depth);
            var scores = Score(query.Query, candidates, cancellationToken);
            rankings[query.Query] = Ranked(candidates, scores);
            losses.AddRange(Enumerable.Range(0, candidates.Length).Where(i => query.Relevant.Contains(candidates[i])).Select(answer =>
                ListwiseLoss.Compute([scores[answer], .. scores.Where((_, i) => !query.Relevant.Contains(candidates[i]))]).Loss));
        }
        var metrics = RankingJudgement.Judge(queries, (query, _) => rankings[query.Query], settings.Loop.Threads, cancellationToken);
        return new ValidationResult(losses.DefaultIfEmpty(0).Average(), metrics[RankingJudgement.NormalizedGain], metrics);
    }

    /// <summary>The first search's passages in the order of their new scores.</summary>
    public int[] Rank(int query, int[] candidates, CancellationToken cancellationToken) => Ranked(candidates, Score(query, candidates, cancellationToken));

    /// <returns>The sum of the lists' losses; their gradient, times the scale, is added to the parameters'.</returns>
    private double Learn(EncodedPair[][] lists, double scale, ulong seed, CancellationToken cancellationToken)
    {
        using var activations = encoder.Forward([.. lists.SelectMany(list => list)], seed, settings.Loop.Threads, cancellationToken);
        var hidden = new float[activations.Tokens * width];
        var (loss, at) = (0.0, 0);
        foreach (var list in lists)
        {
            var outputs = new (float Score, float[] Activations)[list.Length];
            for (var i = 0; i < outputs.Length; i++)
            {
                outputs[i] = head.Forward(activations.HiddenOf(at + i)[..width]);
            }
            var (own, gradients) = ListwiseLoss.Compute([.. outputs.Select(output => output.Score)]);
            for (var i = 0; i < outputs.Length; i++)
            {
                head.Backward(
                    activations.HiddenOf(at + i)[..width], outputs[i].Activations, (float)(gradients[i] * scale), hidden.AsSpan(activations.Starts[at + i] * width, width));
            }
            loss += own;
            at += list.Length;
        }
        encoder.Backward(activations, hidden, settings.Loop.Threads, cancellationToken);
        return loss;
    }

    private static int TokensOf(EncodedPair[] list) => list.Sum(pair => pair.Ids.Length);

    private float[] Score(int query, int[] passages, CancellationToken cancellationToken) =>
        encoder.Infer(Inputs(query, passages), (_, hidden) => head.Forward(hidden[..width]).Score, settings.Loop.Threads, cancellationToken);

    private static int[] Ranked(int[] candidates, float[] scores) => Array.ConvertAll(TopRanks.Of(scores, scores.Length), place => candidates[place]);

    private IEnumerable<int> Drawn(ContrastiveExample example, ulong seed) =>
        RandomSeed.Permutation(seed, example.Negatives.Count).Take(settings.HardNegatives).Select(place => example.Negatives[place]);

    private EncodedPair[] Inputs(int query, IReadOnlyList<int> passages) =>
        [.. passages.Select(passage => encoder.EncodePair(pairs.Data.Queries[query], pairs.Texts.Shortened(passage)))];
}
