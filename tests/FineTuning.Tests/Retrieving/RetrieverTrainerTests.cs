using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Retrieving;
using RagPlatform.FineTuning.Tests.Loop;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuning.Tests.Retrieving;

public sealed class RetrieverTrainerTests
{
    private static readonly string[] Texts = [TinyPairs.Query(3, 1), TinyPairs.Passage(3), TinyPairs.Passage(4)];

    [Theory]
    [InlineData("full", "auto")]
    [InlineData("lora", "auto")]
    [InlineData("full", "4,8")]
    public void Train_OnPairs_FindsWhatTheBaseDoesNot(string tuning, string matryoshka)
    {
        var result = new MemoryFiles();

        var outcome = new RetrieverTrainer().Train(
            TinyPairs.Run(TinyEncoder.Files(), result, TinyPairs.Knobs(("tuning", tuning), ("matryoshka_dimensions", matryoshka), ("lora_rank", "8"))), CancellationToken.None);

        var gains = outcome.Rows.ToDictionary(row => row.System, row => row.Metrics["ndcg_at_10"]);
        gains["adapter"].ShouldBeGreaterThan(gains["base"] + 0.2);
        TopicsFound(result).ShouldBeGreaterThan(TopicsFound(TinyEncoder.Files()));
    }

    [Fact]
    public void Train_WithAllOfTheBase_GivesTheBase()
    {
        var (model, result) = (TinyEncoder.Files(), new MemoryFiles());

        new RetrieverTrainer().Train(TinyPairs.Run(model, result, TinyPairs.Knobs(("base_share", "1"))), CancellationToken.None);

        var before = SentenceEncoder.Load(model).EmbedPassages(Texts, 1, CancellationToken.None);
        var after = SentenceEncoder.Load(result).EmbedPassages(Texts, 1, CancellationToken.None);
        for (var i = 0; i < Texts.Length; i++)
        {
            Cosine(before[i].Vector, after[i].Vector).ShouldBe(1, 1e-6);
        }
    }

    [Fact]
    public void Train_PausedAndResumed_EndsBitEqual()
    {
        var (whole, resumed) = (new MemoryFiles(), new MemoryFiles());
        var knobs = TinyPairs.Knobs(("epochs", "3"), ("dropout", "0.2"));
        new RetrieverTrainer().Train(TinyPairs.Run(TinyEncoder.Files(), whole, knobs), CancellationToken.None);
        var run = TinyPairs.Run(TinyEncoder.Files(), resumed, knobs);

        var paused = new RetrieverTrainer().Train(run with { Observer = new RecordingObserver { PauseAfterStep = 9 } }, CancellationToken.None);
        var outcome = new RetrieverTrainer().Train(run, CancellationToken.None);

        paused.IsPaused.ShouldBeTrue();
        outcome.IsPaused.ShouldBeFalse();
        resumed.Bytes("model.safetensors").ShouldBe(whole.Bytes("model.safetensors"));
    }

    [Fact]
    public void Train_CheckpointOfOtherPairs_IsRefused()
    {
        var run = TinyPairs.Run(TinyEncoder.Files(), new MemoryFiles());
        new RetrieverTrainer().Train(run with { Observer = new RecordingObserver { PauseAfterStep = 1 } }, CancellationToken.None);

        var other = run with { Data = run.Data with { Training = [new PairExample(1, "", TinyPairs.Query(1, 1), TinyPairs.Passage(2), []), .. run.Data.Training.Skip(1)] } };

        Should.Throw<TrainingException>(() => new RetrieverTrainer().Train(other, CancellationToken.None)).Code.ShouldBe("CHECKPOINT_MISMATCH");
    }

    [Fact]
    public void Train_Conversations_AreRefusedByTheirLine()
    {
        var run = TinyPairs.Run(TinyEncoder.Files(), new MemoryFiles());
        var set = run.Data with { Training = [new ChatExample(42, "", [new ChatTurn("assistant", "hello", null, 1)], null)] };

        var error = Should.Throw<TrainingException>(() => new RetrieverTrainer().Train(run with { Data = set }, CancellationToken.None));

        error.Code.ShouldBe("DATA_UNSUITABLE");
        error.Problem.ShouldContain("Line 42");
    }

    [Theory]
    [InlineData("matryoshka_dimensions", "4,4")]
    [InlineData("matryoshka_dimensions", "4,")]
    [InlineData("matryoshka_dimensions", "16")]
    [InlineData("temperature", "0")]
    public void Train_ValueOutOfRange_IsNamed(string name, string value)
    {
        var run = TinyPairs.Run(TinyEncoder.Files(), new MemoryFiles(), TinyPairs.Knobs((name, value)));

        Should.Throw<TrainingException>(() => new RetrieverTrainer().Train(run, CancellationToken.None)).Problem.ShouldContain(name);
    }

    [Fact]
    public void Train_NoTestPart_JudgesNothing()
    {
        var run = TinyPairs.Run(TinyEncoder.Files(), new MemoryFiles(), TinyPairs.Knobs(("epochs", "1")));

        new RetrieverTrainer().Train(run with { Data = run.Data with { Validation = [], Test = [] } }, CancellationToken.None).Rows.ShouldBeEmpty();
    }

    /// <summary>Topics whose passage is the nearest to a question of the test.</summary>
    private static int TopicsFound(MemoryFiles model)
    {
        var topics = Enumerable.Range(0, TinyEncoder.Topics).ToArray();
        var encoder = SentenceEncoder.Load(model);
        var queries = encoder.EmbedPassages([.. topics.Select(topic => TinyPairs.Query(topic, 0))], 1, CancellationToken.None);
        var passages = encoder.EmbedPassages([.. topics.Select(TinyPairs.Passage)], 1, CancellationToken.None);
        return topics.Count(topic => topics.MaxBy(other => Cosine(queries[topic].Vector, passages[other].Vector)) == topic);
    }

    private static double Cosine(float[] left, float[] right) => left.Zip(right, (a, b) => (double)a * b).Sum();
}
