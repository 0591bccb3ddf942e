using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Loss;
using RagPlatform.FineTuning.Retrieving.Ranking;
using RagPlatform.FineTuning.Retrieving.Training;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Numerics;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving;

/// <summary>
/// Tunes a sentence encoder on questions and the passages that answer them, so that search finds these sooner. The result is
/// a whole model in Hugging Face's layout, with sentence-transformers' settings.
/// </summary>
public sealed class RetrieverTrainer : ITrainer
{
    public string Method => "retriever";

    public IReadOnlyList<HyperParameter> HyperParameters => RetrieverSettings.HyperParameters;

    public TrainingOutcome Train(TrainingRun run, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(run);
        var values = new HyperParameterValues(HyperParameters, run.HyperParameters);
        var embedder = SentenceEncoder.Load(run.BaseModel, run.BaseModelName);
        var settings = RetrieverSettings.Read(values, embedder.Dimension, embedder.MaxTokens, run.Seed, run.Threads);
        var encoder = TrainableEncoder.Load(run.BaseModel, run.BaseModelName, settings.Tuning);
        var before = new StartingPoint(encoder);
        var pairs = PreparedPairs.Prepare(
            run, encoder, embedder, settings.Mining, settings.PassageTokens, values.Integer(PairKnobs.CorpusPassages, 0), cancellationToken);
        var task = new RetrieverTask(encoder, VectorPooling.Of(embedder), pairs, settings, PairIdentity.Of(pairs.Data, values.Used));
        var end = TrainingLoop.Run(task, settings.Loop, run.Seed, run.Checkpoints, run.Observer, cancellationToken);
        if (end.IsPaused)
        {
            return new TrainingOutcome(true, values.Used, []);
        }
        before.Mix(settings.BaseShare);
        encoder.SaveMerged(run.CreateFile);
        return new TrainingOutcome(false, values.Used, Judge(pairs, encoder, task, run, cancellationToken));
    }

    /// <summary>Over all passages, each whole; nothing where there is no test part.</summary>
    private static EvaluationRow[] Judge(PreparedPairs pairs, TrainableEncoder encoder, RetrieverTask task, TrainingRun run, CancellationToken cancellationToken)
    {
        var (data, test) = (pairs.Data, pairs.Data.Test);
        if (test.Count == 0)
        {
            return [];
        }
        run.Observer.Said($"Ranking {data.Passages.Count} passages for {test.Count} test queries.");
        var all = Enumerable.Range(0, data.Passages.Count).ToArray();
        var queries = Vectors(data.Queries, TextKind.Query);
        var passages = Vectors(data.Passages, TextKind.Passage);
        return
        [
            Row("adapter", (query, count) => RankingJudgement.Best(all, passage => VectorMath.Dot(queries.Row(query.Query), passages.Row(passage)), count)),
            Row("base", (query, count) => RankingJudgement.Best(all, passage => pairs.Texts.Similarity(query.Query, passage), count)),
            Row("bm25", (query, count) => TopRanks.Of(pairs.Lexical.Score(data.Queries[query.Query]), count)),
        ];

        UnitVectors Vectors(DistinctTexts texts, TextKind kind) =>
            task.Vectors([.. Enumerable.Range(0, texts.Count).Select(id => encoder.Encode(texts[id], kind))], cancellationToken);

        EvaluationRow Row(string system, Func<JudgedQuery, int, IReadOnlyList<int>> rank) =>
            new(system, RankingJudgement.Judge(test, rank, run.Threads, cancellationToken));
    }
}
