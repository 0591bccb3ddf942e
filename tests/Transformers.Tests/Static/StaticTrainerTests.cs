using RagPlatform.Numerics;
using RagPlatform.Transformers.Static;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Static;

public sealed class StaticTrainerTests
{
    private static readonly SentenceEncoder Teacher = SentenceEncoder.Load(new TinyBert().HuggingFaceFiles());

    [Fact]
    public void Train_TextsOfTheSample_ComeNearerThanTokensAlone()
    {
        var texts = Texts(seed: 1, count: 300);
        var trained = Embedder(Train(texts));
        var alone = Embedder(TokensAlone());
        Distance(trained, texts).ShouldBeLessThan(Distance(alone, texts) / 2);
    }

    [Fact]
    public void Train_TextsItNeverSaw_ComeNearerThanTokensAlone()
    {
        var unseen = Texts(seed: 2, count: 200);
        Distance(Embedder(Train(Texts(seed: 1, count: 2000))), unseen).ShouldBeLessThan(Distance(Embedder(TokensAlone()), unseen) / 2);
    }

    [Fact]
    public void Train_AnyNumberOfThreads_GivesTheSameTable() =>
        Train(Texts(seed: 3, count: 50), threads: 3).Values.ShouldBe(Train(Texts(seed: 3, count: 50)).Values);

    [Fact]
    public void Train_TokenThatTheSampleDoesNotHave_KeepsADirection()
    {
        var table = Train(["a b c", "b c a a"]);
        var cat = Array.IndexOf(TinyBert.Vocabulary, "cat");
        VectorMath.Dot(table.Values.AsSpan(cat * table.Dimension, table.Dimension), table.Values.AsSpan(cat * table.Dimension, table.Dimension))
            .ShouldBeGreaterThan(0);
        table.Values.ShouldAllBe(value => float.IsFinite(value));
    }

    [Fact]
    public void Train_FrequentToken_CountsForLess()
    {
        var table = Train([.. Enumerable.Repeat("the the the the cat", 20), .. Texts(seed: 4, count: 20)]);
        Length(table, "the").ShouldBeLessThan(Length(table, "cat"));
    }

    [Fact]
    public void Train_OneText_IsFinite() => Train(["a"]).Values.ShouldAllBe(value => float.IsFinite(value));

    [Fact]
    public void Train_NoTextWithAToken_IsRefused()
    {
        var trainer = new StaticTrainer(Teacher);
        trainer.Add(" ", new float[TinyBert.Hidden]);
        trainer.Texts.ShouldBe(0);
        Should.Throw<InvalidOperationException>(() => trainer.Train(TokenVectors(trainer), 1, new Progress<double>(), CancellationToken.None));
    }

    [Fact]
    public void Train_TooFewTokenVectors_IsRefused()
    {
        var trainer = Trainer(["a b"]);
        Should.Throw<ArgumentException>(() => trainer.Train([.. TokenVectors(trainer).Skip(1)], 1, new Progress<double>(), CancellationToken.None))
            .Message.ShouldContain($"there must be {TinyBert.Vocabulary.Length}");
    }

    [Fact]
    public void Add_MoreThanTheLimit_IsRefused()
    {
        var trainer = new StaticTrainer(Teacher);
        var vector = new float[TinyBert.Hidden];
        for (var i = 0; i < StaticTrainer.MaxTexts; i++)
        {
            trainer.Add("a", vector);
        }

        Should.Throw<InvalidOperationException>(() => trainer.Add("a", vector)).Message.ShouldContain("50000");
    }

    [Fact]
    public void Train_Progress_RisesToTheEnd()
    {
        var told = new Recorder();
        var trainer = Trainer(Texts(seed: 5, count: 30));
        trainer.Train(TokenVectors(trainer), 2, told, CancellationToken.None);
        told.Shares.ShouldBe(told.Shares.Order());
        told.Shares[^1].ShouldBe(1, 1e-9);
    }

    private static StaticTable Train(IReadOnlyList<string> texts, int threads = 1)
    {
        var trainer = Trainer(texts);
        return trainer.Train(TokenVectors(trainer), threads, new Progress<double>(), CancellationToken.None);
    }

    private static StaticTrainer Trainer(IReadOnlyList<string> texts)
    {
        var trainer = new StaticTrainer(Teacher);
        foreach (var (text, embedding) in texts.Zip(Teacher.EmbedPassages(texts, 2, CancellationToken.None)))
        {
            trainer.Add(text, embedding.Vector);
        }

        return trainer;
    }

    private static float[][] TokenVectors(StaticTrainer trainer) =>
        [.. Teacher.Embed([.. Enumerable.Range(0, trainer.Tokens).Select(trainer.TokenAlone)], 2, CancellationToken.None).Select(embedding => embedding.Vector)];

    /// <summary>Plain Model2Vec.</summary>
    private static StaticTable TokensAlone() => new([.. TokenVectors(new StaticTrainer(Teacher)).SelectMany(vector => vector)], TinyBert.Hidden);

    private static StaticEmbedder Embedder(StaticTable table) => new(table, Teacher.Tokenizer, 100, questions: null);

    /// <summary>1 - cosine to the teacher's vectors, in the mean.</summary>
    private static double Distance(StaticEmbedder embedder, IReadOnlyList<string> texts) =>
        embedder.EmbedPassages(texts, 1, CancellationToken.None).Zip(Teacher.EmbedPassages(texts, 2, CancellationToken.None), (mine, teachers) =>
            1 - (double)VectorMath.Dot(mine.Vector, teachers.Vector)).Average();

    private static float Length(StaticTable table, string token)
    {
        var row = table.Values.AsSpan(Array.IndexOf(TinyBert.Vocabulary, token) * table.Dimension, table.Dimension);
        return MathF.Sqrt(VectorMath.Dot(row, row));
    }

    private static string[] Texts(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => string.Join(' ', Enumerable.Range(0, random.Next(2, 12)).Select(_ => (char)('a' + random.Next(20)))))];
    }

    private sealed class Recorder : IProgress<double>
    {
        public List<double> Shares { get; } = [];

        public void Report(double value) => Shares.Add(value);
    }
}
