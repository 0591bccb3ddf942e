using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving.Batches;
using RagPlatform.FineTuning.Retrieving.Mining;
using RagPlatform.FineTuning.Retrieving.Ranking;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Numerics;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Training.Encoder;

namespace RagPlatform.FineTuning.Retrieving.Training;

/// <summary>Pairs as both methods that learn from them take them up: embedded by the base model, with hard negatives found.</summary>
/// <param name="Data">The pairs.</param>
/// <param name="Texts">As the model reads them.</param>
/// <param name="Lexical">Over all passages.</param>
/// <param name="Examples">The training pairs with the passages that a step draws negatives from.</param>
/// <param name="Validation">Queries that every epoch is judged by.</param>
internal sealed record PreparedPairs(
    PairData Data, PairTexts Texts, LexicalRanking Lexical, IReadOnlyList<ContrastiveExample> Examples, IReadOnlyList<JudgedQuery> Validation)
{
    /// <summary>Of validation at most.</summary>
    private const int ValidationQueries = 200;

    /// <summary>Passages of validation at most: it is done every epoch.</summary>
    private const int PoolPassages = 1000;

    private const int LeastNearPassages = 5;

    /// <param name="run">Whose data and corpus are taken.</param>
    /// <param name="encoder">What will learn; it reads the texts.</param>
    /// <param name="embedder">Its base model; null where that makes no vectors.</param>
    /// <param name="mining">Which negatives are kept.</param>
    /// <param name="passageTokens">That training reads of a passage.</param>
    /// <param name="corpusPassages">So many of the corpus are taken at most.</param>
    /// <param name="cancellationToken">Looked at between texts.</param>
    public static PreparedPairs Prepare(
        TrainingRun run, TrainableEncoder encoder, ITextEmbedder? embedder, MiningSettings mining, int passageTokens, int corpusPassages, CancellationToken cancellationToken)
    {
        var data = PairData.Read(run.Data, run.Corpus, corpusPassages, RandomSeed.Derive(run.Seed, 1));
        if (run.Corpus.Count > corpusPassages)
        {
            run.Observer.Said($"Of the collection's {run.Corpus.Count} passages {corpusPassages} are mined and searched; corpus_passages says how many.");
        }
        run.Observer.Said($"Looking among {data.Passages.Count} passages for those that look like answers to {data.Queries.Count} queries.");
        var texts = new PairTexts(
            data, encoder, passageTokens, Vectors(embedder, data.Queries, TextKind.Query, run.Threads, cancellationToken),
            Vectors(embedder, data.Passages, TextKind.Passage, run.Threads, cancellationToken));
        var lexical = new LexicalRanking([.. Enumerable.Range(0, data.Passages.Count).Select(id => data.Passages[id])], cancellationToken);
        var negatives = new HardNegatives(mining, texts.PassageVectors, lexical);
        var examples = new ContrastiveExample[data.Training.Count];
        Parallel.For(0, examples.Length, new ParallelOptions { MaxDegreeOfParallelism = run.Threads, CancellationToken = cancellationToken }, i =>
        {
            var example = data.Training[i];
            examples[i] = negatives.Mine(example, data.Queries[example.Query], texts.QueryVector(example.Query), data.AnswersOf(example.Query));
        });
        run.Observer.Said($"{examples.Length} pairs have {examples.Average(example => example.Negatives.Count):0.0} passages each that look like answers.");
        return new PreparedPairs(data, texts, lexical, examples, DrawValidation(data.Validation, run));
    }

    /// <summary>The queries' answers and what is near them by the base model: enough to tell models apart, and soon read.</summary>
    public IReadOnlyList<int> Near(IReadOnlyList<JudgedQuery> queries)
    {
        var all = Enumerable.Range(0, Data.Passages.Count).ToArray();
        var depth = Math.Max(LeastNearPassages, PoolPassages / Math.Max(1, queries.Count));
        return [.. queries.SelectMany(query => query.Relevant).Concat(queries.SelectMany(query =>
            RankingJudgement.Best(all, passage => Texts.Similarity(query.Query, passage), depth))).Distinct().Order()];
    }

    /// <summary>
    /// The best passages of a search by the base model and BM25 together, each scaled to its highest (Bruch et al. 2023,
    /// arXiv:2210.11934, have the reasons for sums of scores over sums of ranks); by BM25 alone where there are no vectors.
    /// </summary>
    public int[] FirstSearch(int query, int count)
    {
        var scores = Lexical.Score(Data.Queries[query]);
        var similarities = Array.ConvertAll(Texts.PassageVectors, passage => VectorMath.Dot(Texts.QueryVector(query), passage));
        var (most, nearest) = (Math.Max(scores.Max(), float.Epsilon), Math.Max(similarities.Max(), float.Epsilon));
        return TopRanks.Of([.. scores.Zip(similarities, (score, similarity) => (score / most) + (similarity / nearest))], count);
    }

    private static IReadOnlyList<JudgedQuery> DrawValidation(IReadOnlyList<JudgedQuery> queries, TrainingRun run)
    {
        if (queries.Count <= ValidationQueries)
        {
            return queries;
        }
        run.Observer.Said($"Of {queries.Count} validation queries {ValidationQueries} judge every epoch.");
        return [.. RandomSeed.Permutation(RandomSeed.Derive(run.Seed, 3), queries.Count).Take(ValidationQueries).Order().Select(place => queries[place])];
    }

    private static float[][] Vectors(ITextEmbedder? embedder, DistinctTexts texts, TextKind kind, int threads, CancellationToken cancellationToken)
    {
        if (embedder is null)
        {
            return [.. Enumerable.Repeat(Array.Empty<float>(), texts.Count)];
        }
        var inputs = Enumerable.Range(0, texts.Count).Select(id => embedder.Encode(texts[id], kind)).ToArray();
        return Array.ConvertAll(embedder.Embed(inputs, threads, cancellationToken), embedding => embedding.Vector);
    }
}
