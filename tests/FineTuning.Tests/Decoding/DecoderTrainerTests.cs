using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.FineTuning.Tests.Decoding;

public sealed class DecoderTrainerTests
{
    private static readonly Lazy<StoriesFolder> Base = new(() => StoriesFolder.Read(Path.Combine(AppContext.BaseDirectory, "Reference", "stories260K")));

    [Fact]
    public void Train_OnConversations_BeatsTheBaseOnHeldOutOnes_AndItsAdapterReadsBack()
    {
        var job = new Job(Split(60, 10, 10)) { ["epochs"] = "4", ["learning_rate"] = "0.01", ["evaluation_examples"] = "5" };
        var outcome = job.Train();

        outcome.IsPaused.ShouldBeFalse();
        outcome.Rows.Select(row => row.System).ShouldBe(["adapter", "base"]);
        var (adapter, before) = (outcome.Rows[0].Metrics, outcome.Rows[1].Metrics);
        adapter["perplexity"].ShouldBeLessThan(before["perplexity"] / 2);
        adapter["token_accuracy"].ShouldBeGreaterThan(before["token_accuracy"]);
        adapter["bytes"].ShouldBeLessThan(before["bytes"] / 2);
        adapter.Keys.ShouldContain("exact_match");
        adapter["latency_p50_ms"].ShouldBeGreaterThan(0);
        outcome.HyperParameters["chat_template"].ShouldBe("plain");
        job.Files.Keys.Order().ShouldBe(["adapter_config.json", "adapter_model.safetensors", "chat.json"]);

        var model = DecoderModel.Load(Base.Value, job);
        LoraAdapter.Load(job, model.Decoder).Rank.ShouldBe(16);
        model.Answer([new ChatTurn("user", "Tom has a red ball. Lily has a blue hat. Who has the red ball?", null, 1)], null, 40, 1, CancellationToken.None)
            .ShouldMatch("^(Tom|Lily|Sara|Ben|Mia|Tim|Anna|Max|Jack|Lucy|I'm sorry).*");
    }

    [Fact]
    public void Train_AllWeights_WritesAModelThatIsABaseByItself()
    {
        var job = new Job(Split(24, 0, 6)) { ["tuning"] = "full", ["epochs"] = "2", ["learning_rate"] = "0.002", ["evaluation_examples"] = "2" };
        var outcome = job.Train();
        outcome.Rows[0].Metrics["perplexity"].ShouldBeLessThan(outcome.Rows[1].Metrics["perplexity"]);
        job.Files.Keys.Order().ShouldBe(["chat.json", "config.json", "model.safetensors", "tokenizer.json"]);
        DecoderModel.Load(job, null).Answer([new ChatTurn("user", "Hello.", null, 1)], null, 3, 1, CancellationToken.None).Length.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Train_PausedAndResumed_EndsBitEqual()
    {
        var data = Split(16, 4, 0);
        var whole = new Job(data) { ["epochs"] = "2", ["lora_dropout"] = "0.2" };
        whole.Train();
        var parts = new Job(data) { ["epochs"] = "2", ["lora_dropout"] = "0.2" };
        parts.PauseAfter = 3;
        parts.Train().IsPaused.ShouldBeTrue();
        parts.Files.ShouldBeEmpty();
        parts.PauseAfter = int.MaxValue;
        parts.Train().IsPaused.ShouldBeFalse();
        parts.Files["adapter_model.safetensors"].ToArray().ShouldBe(whole.Files["adapter_model.safetensors"].ToArray());
    }

    [Fact]
    public void Train_OverLongExamples_AreRefusedByLine_OrLeftOutOrCutWhereAskedFor()
    {
        var data = Split(8, 0, 0);
        var longest = new ChatExample(99, "", [new ChatTurn("user", string.Join(' ', Enumerable.Repeat("story", 300)), null, 1), new ChatTurn("assistant", "Yes.", null, 1)], null);
        data = data with { Training = [.. data.Training, longest] };
        var refused = Should.Throw<TrainingException>(() => new Job(data) { ["max_tokens"] = "200" }.Train());
        refused.Code.ShouldBe("EXAMPLE_TOO_LONG");
        refused.Message.ShouldContain("99 (");
        foreach (var choice in new[] { "drop", "truncate" })
        {
            var job = new Job(data) { ["max_tokens"] = "200", ["over_long"] = choice, ["epochs"] = "1" };
            job.Train().IsPaused.ShouldBeFalse();
            job.Said.ShouldContain(message => message.Contains("line 99", StringComparison.Ordinal) && message.Contains("left out", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Train_WhatCannotBe_IsRefusedByName()
    {
        var data = Split(4, 0, 0);
        Code(new Job(data) { ["lora_rank"] = "0" }).ShouldBe("HYPER_PARAMETER_INVALID");
        Code(new Job(data) { ["rank"] = "4" }).ShouldBe("HYPER_PARAMETER_UNKNOWN");
        Code(new Job(data) { ["max_tokens"] = "100000" }).ShouldBe("HYPER_PARAMETER_INVALID");
        Code(new Job(data) { ["chat_template"] = "chatml" }).ShouldBe("MODEL_UNSUITABLE");
        Code(new Job(data with { Training = [new PairExample(1, "", "a", "b", [])] })).ShouldBe("EXAMPLES_UNSUITABLE");
        Code(new Job(data with { Training = [] })).ShouldBe("NOTHING_TO_LEARN");
        Code(new Job(data) { Model = new Job(data) }).ShouldBe("MODEL_UNSUITABLE");

        static string Code(Job job) => Should.Throw<TrainingException>(() => job.Train()).Code;
    }

    private static TrainingSet Split(int training, int validation, int test)
    {
        var chats = GeneratedChats.Make(training + validation + test, seed: 5);
        return new TrainingSet([.. chats.Take(training)], [.. chats.Skip(training).Take(validation)], [.. chats.Skip(training + validation)]);
    }

    /// <summary>A run with what it says and leaves.</summary>
    private sealed class Job(TrainingSet data) : ITrainingObserver, IModelFiles
    {
        private readonly Dictionary<string, string> hyperParameters = [];
        private readonly MemoryCheckpointStore checkpoints = new();
        private long step;

        public string this[string name]
        {
            set => hyperParameters[name] = value;
        }

        public IModelFiles? Model { get; init; }

        public int PauseAfter { get; set; } = int.MaxValue;

        public Dictionary<string, MemoryStream> Files { get; } = [];

        public List<string> Said { get; } = [];

        bool ITrainingObserver.IsPauseRequested => step >= PauseAfter;

        public TrainingOutcome Train() => new DecoderTrainer().Train(
            new TrainingRun(Model ?? Base.Value, "stories260K", data, hyperParameters, Seed: 3, Threads: 2)
            {
                Checkpoints = checkpoints, Observer = this, CreateFile = name => Files[name] = new MemoryStream(),
            },
            CancellationToken.None);

        public void Progressed(TrainingProgress progress) => step = progress.Step;

        public void Measured(string name, long step, double value) => double.IsFinite(value).ShouldBeTrue(name);

        void ITrainingObserver.Said(string message) => Said.Add(message);

        public bool Exists(string name) => Files.ContainsKey(name);

        public Stream Open(string name) => new MemoryStream(Files[name].ToArray(), writable: false);
    }
}
