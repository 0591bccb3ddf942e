using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Ranking;
using RagPlatform.FineTuning.Retrieving.Reranking;
using RagPlatform.FineTuning.Retrieving.Training;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving;

/// <summary>
/// Makes a reranker of an encoder, or tunes one, on questions and the passages that answer them: it reads both together and
/// scores how well they go (Nogueira and Cho 2019, arXiv:1901.04085). The result is a whole model in Hugging Face's layout.
/// </summary>
public sealed class RerankerTrainer : ITrainer
{
    public string Method => "reranker";

    public IReadOnlyList<HyperParameter> HyperParameters => RerankerSettings.HyperParameters;

    public TrainingOutcome Train(TrainingRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var values = new HyperParameterValues(HyperParameters, run.HyperParameters);
        var isReranker = ModelDescription.Read(run.BaseModel).Kind is ModelKind.Reranker;
        var embedder = isReranker ? null : SentenceEncoder.Load(run.BaseModel, run.BaseModelName);
        var settings = RerankerSettings.Read(values, isReranker, run.Seed, run.Threads);
        var encoder = TrainableEncoder.Load(run.BaseModel, run.BaseModelName, settings.Tuning);
        var head = TrainableScoreHead.Open(run.BaseModel, encoder.HiddenSize, RandomSeed.Derive(run.Seed, 2));
        var pairs = PreparedPairs.Prepare(
            run, encoder, embedder, settings.Mining, Math.Min(encoder.MaxTokens, values.Integer(PairKnobs.PassageTokens, encoder.MaxTokens)),
            values.Integer(PairKnobs.CorpusPassages, 0), cancellationToken);
        var task = new RerankerTask(encoder, head, pairs, settings, PairIdentity.Of(pairs.Data, values.Used));
        var end = TrainingLoop.Run(task, settings.Loop, run.Seed, run.Checkpoints, run.Observer, cancellationToken);
        if (end.IsPaused)
        {
            return new TrainingOutcome(true, values.Used, []);
        }
        encoder.SaveReranker(run.CreateFile, head.Tensors);
        return new TrainingOutcome(false, values.Used, Judge(pairs, task, settings.Candidates, run, cancellationToken));
    }

    /// <summary>The first search's order, and the new one of its best passages; nothing where there is no test part.</summary>
    private static EvaluationRow[] Judge(PreparedPairs pairs, RerankerTask task, int candidates, TrainingRun run, CancellationToken cancellationToken)
    {
        var test = pairs.Data.Test;
        if (test.Count == 0)
        {
            return [];
        }
        run.Observer.Said($"Scoring the {candidates} best passages of each of {test.Count} test queries.");
        var found = test.ToDictionary(query => query.Query, query => pairs.FirstSearch(query.Query, candidates));
        var ranked = test.ToDictionary(query => query.Query, query => task.Rank(query.Query, found[query.Query], cancellationToken));
        return
        [
            new("adapter", RankingJudgement.Judge(test, (query, _) => ranked[query.Query], run.Threads, cancellationToken)),
            new("base", RankingJudgement.Judge(test, (query, _) => found[query.Query], run.Threads, cancellationToken)),
        ];
    }
}
