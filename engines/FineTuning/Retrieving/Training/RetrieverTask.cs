using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Loss;
using RagPlatform.FineTuning.Retrieving.Ranking;
using RagPlatform.Numerics;
using RagPlatform.Tokenization;
using RagPlatform.Transformers.Training;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>An encoder learns to bring queries near to their answers and away from what only looks like them.</summary>
/// <param name="encoder">What learns.</param>
/// <param name="pooling">Of its vectors.</param>
/// <param name="pairs">What it learns from, and is validated on.</param>
/// <param name="settings">Of the method.</param>
/// <param name="identity">Of the data and the settings.</param>
internal sealed class RetrieverTask(TrainableEncoder encoder, VectorPooling pooling, PreparedPairs pairs, RetrieverSettings settings, string identity) : ITrainingTask
{
    private readonly PairTexts texts = pairs.Texts;
    private readonly IReadOnlyList<JudgedQuery> validation = pairs.Validation;
    private readonly IReadOnlyList<int> pool = pairs.Near(pairs.Validation);

    /// <summary>A batch has as many tokens as it has: what the tokens of a batch bound is memory, and so the piece that is read at a time.</summary>
    private readonly GradientCache cache = new(encoder, pooling, settings.Loop.BatchTokens, settings.Loop.Threads);

    public IReadOnlyList<Parameter> Parameters => encoder.Parameters;

    public IReadOnlyList<int> ExampleTokens { get; } = [.. pairs.Examples.Select(example =>
        pairs.Texts.Query(example.Query).Ids.Length + ((settings.HardNegatives + 1) * pairs.Texts.Passage(example.Positive).Ids.Length))];

    public string Identity => identity;

    public bool CanValidate => validation.Count > 0;

    public IReadOnlyList<int[]>? PlanEpoch(int epoch, ulong seed) => DistinctBatches.Plan(pairs.Examples, settings.Loop.BatchExamples, seed);

    public StepLoss Accumulate(ReadOnlySpan<int> batch, double scale, ulong seed, CancellationToken cancellationToken)
    {
        var drawn = new ContrastiveExample[batch.Length];
        for (var i = 0; i < drawn.Length; i++)
        {
            drawn[i] = Draw(pairs.Examples[batch[i]], RandomSeed.Derive(seed, (ulong)batch[i]));
        }
        var contrast = new ContrastiveBatch(drawn, IsExcluded);
        var inputs = Inputs(contrast.Queries, contrast.Passages);
        var loss = 0.0;
        cache.Learn(inputs, seed, vectors =>
        {
            (loss, var gradients) = settings.Loss.Compute(contrast, vectors, Anchors(contrast), encoder.HiddenSize, scale);
            return gradients;
        }, cancellationToken);
        return new StepLoss(loss, inputs.Sum(input => input.Ids.Length));
    }

    /// <summary>Every validation query over all of the pool.</summary>
    public ValidationResult Validate(CancellationToken cancellationToken)
    {
        var examples = validation.SelectMany(query => query.Relevant.Order().Select(positive => new ContrastiveExample(query.Query, positive, pool)));
        var contrast = new ContrastiveBatch([.. examples], (example, passage) => texts.IsAnswer(example.Query, passage));
        var vectors = cache.Read(Inputs(contrast.Queries, contrast.Passages), cancellationToken);
        var width = encoder.HiddenSize;
        var (loss, _) = (settings.Loss with { AnchorWeight = 0 }).Compute(contrast, vectors, [], width, scale: 1);
        var units = new UnitVectors(vectors, width, width);
        var places = contrast.Passages.Index().ToDictionary(passage => passage.Item, passage => contrast.Queries.Count + passage.Index);
        var queries = contrast.Queries.Index().ToDictionary(query => query.Item, query => query.Index);
        var metrics = RankingJudgement.Judge(
            validation,
            (query, count) => RankingJudgement.Best(contrast.Passages, passage => VectorMath.Dot(units.Row(queries[query.Query]), units.Row(places[passage])), count),
            settings.Loop.Threads, cancellationToken);
        return new ValidationResult(loss, metrics[RankingJudgement.NormalizedGain], metrics);
    }

    /// <summary>Of inputs, of unit length.</summary>
    public UnitVectors Vectors(IReadOnlyList<EncodedText> inputs, CancellationToken cancellationToken) =>
        new(cache.Read(inputs, cancellationToken), encoder.HiddenSize, encoder.HiddenSize);

    private bool IsExcluded(ContrastiveExample example, int passage) =>
        texts.IsAnswer(example.Query, passage)
        || (!example.Negatives.Contains(passage) && texts.Similarity(example.Query, passage) > texts.Similarity(example.Query, example.Positive) + settings.FalseNegativeMargin);

    private ContrastiveExample Draw(ContrastiveExample example, ulong seed) => example with
    {
        Negatives = [.. RandomSeed.Permutation(seed, example.Negatives.Count).Take(settings.HardNegatives).Select(place => example.Negatives[place])],
    };

    private EncodedText[] Inputs(IReadOnlyList<int> queries, IReadOnlyList<int> passages) => [.. queries.Select(texts.Query), .. passages.Select(texts.Passage)];

    private float[] Anchors(ContrastiveBatch batch) => settings.Loss.AnchorWeight == 0
        ? []
        : [.. batch.Queries.SelectMany(texts.QueryVector), .. batch.Passages.SelectMany(id => texts.PassageVectors[id])];
}
