using System.Text.Json;
using NJsonSchema;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Loop;
using RagPlatform.FineTuning.Specialist;
using RagPlatform.FineTuning.Tests.Loop;
using RagPlatform.FineTuning.Tests.Retrieving;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuning.Tests.Specialist;

/// <summary>Texts of made-up words: which "ask" word is there is the intent, each "answer" word is a slot; of fillers alone nothing can be said.</summary>
public sealed class SpecialistTrainerTests
{
    private const string Refusal = "That is not what I am for.";
    private const int Intents = 4;

    private static readonly Dictionary<string, string> Quick = new(StringComparer.Ordinal)
    {
        ["epochs"] = "12", ["learning_rate"] = "0.004", ["head_rate_factor"] = "3", ["layer_decay"] = "1", ["dropout"] = "0", ["batch_size"] = "16",
    };

    [Theory]
    [InlineData("full")]
    [InlineData("lora")]
    public async Task Train_OnLabelsSpansAndRefusals_AnswersWhatWasHeldOutAndKeepsRefusing(string method)
    {
        var files = new MemoryFiles();

        var outcome = new SpecialistTrainer().Train(Run(files, method), CancellationToken.None);

        var metrics = outcome.Rows.Single(row => row.System == "adapter").Metrics;
        metrics["accuracy"].ShouldBeGreaterThan(0.95);
        metrics["slot_f1"].ShouldBeGreaterThan(0.95);
        metrics["exact_match"].ShouldBeGreaterThan(0.9);
        metrics["schema_validity"].ShouldBe(1);
        metrics["oos_auroc"].ShouldBeGreaterThan(0.9);
        metrics["refusal_kept"].ShouldBeGreaterThan(0.7);
        outcome.Rows.Select(row => row.System).ShouldContain("majority");
        var model = SpecialistModel.Load(files, SpecialistModel.NeedsBase(files) ? TokenEncoder.Load(TinyEncoder.Files()) : null);
        SpecialistModel.NeedsBase(files).ShouldBe(method == "lora");
        var schema = await JsonSchema.FromJsonAsync(model.JsonSchema);
        var odd = Texts(60, seed: 99).Select(text => text.Text).Append("").Append("unknown words alone").Append(string.Join(' ', Enumerable.Repeat("askb answerc", 40))).ToArray();
        foreach (var prediction in model.Predict(odd, threads: 2, CancellationToken.None))
        {
            schema.Validate(prediction.Json).ShouldBeEmpty(prediction.Json);
            prediction.Confidence.ShouldBeInRange(0, 1);
            prediction.OutOfScope.ShouldBeInRange(0, 1);
            prediction.FieldConfidences.Keys.ShouldBe(["intent", "slots"], ignoreOrder: true);
        }
    }

    [Fact]
    public void Train_WithALabelForOutOfScope_TellsItByStrangenessAndKeepsTheOthers()
    {
        var files = new MemoryFiles();
        var run = Run(files, "full");
        run = run with { Data = new TrainingSet([.. run.Data.Training.Select(Labelled)], [.. run.Data.Validation.Select(Labelled)], [.. run.Data.Test.Select(Labelled)]) };

        var metrics = new SpecialistTrainer().Train(run, CancellationToken.None).Rows.Single(row => row.System == "adapter").Metrics;

        metrics["oos_auroc"].ShouldBeGreaterThan(0.9);
        metrics["accuracy"].ShouldBeGreaterThan(0.95);
        metrics["schema_validity"].ShouldBe(1);
        var model = SpecialistModel.Load(files, null);
        model.JsonSchema.ShouldContain("out_of_scope");
        SpecialistExample[] test = SpecialistExample.FromAll(run.Data.Test);
        var right = model.Predict([.. test.Select(example => example.Text)], 2, CancellationToken.None).Zip(test)
            .Count(pair => pair.First.Json.Contains("out_of_scope", StringComparison.Ordinal) == pair.Second.Output.Contains("out_of_scope", StringComparison.Ordinal));
        ((double)right / test.Length).ShouldBeGreaterThan(0.9);

        static TrainingExample Labelled(TrainingExample example) => SpecialistExample.From(example)!.Output == Refusal
            ? Example(example.Line, SpecialistExample.From(example)!.Text, """{"version": 1, "intent": "out_of_scope", "slots": []}""")
            : example;
    }

    [Fact]
    public void Train_OnSetsOfLabels_TellsAllOfATextAndNoneOfFillers()
    {
        var files = new MemoryFiles();
        var run = Run(files, "full") with { Data = new TrainingSet(Sets(500, 1), Sets(80, 2), Sets(80, 3)) };

        var metrics = new SpecialistTrainer().Train(run, CancellationToken.None).Rows.Single(row => row.System == "adapter").Metrics;

        metrics["labels_f1"].ShouldBeGreaterThan(0.95);
        metrics["exact_match"].ShouldBeGreaterThan(0.9);
        metrics["schema_validity"].ShouldBe(1);
        SpecialistModel.Load(files, null).Predict(["fillera fillerb fillerc"], 1, CancellationToken.None)[0].Json.ShouldBe("""{"topics":[]}""");
    }

    private static TrainingExample[] Sets(int count, ulong seed) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var random = new Random((int)RandomSeed.Derive(seed, (ulong)i));
            int[] topics = [.. Enumerable.Range(0, Intents).Where(_ => random.Next(3) == 0)];
            string[] words = [.. topics.Select(topic => TinyEncoder.Word("ask", topic)), .. Enumerable.Range(0, 3).Select(_ => TinyEncoder.Word("filler", random.Next(TinyEncoder.Topics)))];
            return Example(i + 1, string.Join(' ', words.Order(StringComparer.Ordinal)), JsonSerializer.Serialize(new { topics = topics.Select(topic => $"topic {topic}") }));
        }),
    ];

    [Fact]
    public void Predict_OfOneTextOrMany_IsTheSame()
    {
        var files = new MemoryFiles();
        new SpecialistTrainer().Train(Run(files, "full", epochs: 2), CancellationToken.None);
        var model = SpecialistModel.Load(files, null);
        string[] texts = [.. Texts(9, seed: 5).Select(text => text.Text)];

        var together = model.Predict(texts, threads: 2, CancellationToken.None);

        texts.SelectMany(text => model.Predict([text], threads: 1, CancellationToken.None)).Select(prediction => prediction.Json).ShouldBe(together.Select(prediction => prediction.Json));
    }

    [Fact]
    public void Train_Twice_GivesTheSameFilesBitForBit()
    {
        var (one, two) = (new MemoryFiles(), new MemoryFiles());

        new SpecialistTrainer().Train(Run(one, "lora", epochs: 2), CancellationToken.None);
        new SpecialistTrainer().Train(Run(two, "lora", epochs: 2), CancellationToken.None);

        foreach (var name in (string[])["heads.safetensors", "specialist.json", "adapter_model.safetensors"])
        {
            Content(one, name).ShouldBe(Content(two, name), name);
        }
    }

    [Fact]
    public void Train_WhereAllAnswersAreTheSame_IsRefused()
    {
        var run = Run(new MemoryFiles(), "full") with { Data = new TrainingSet([.. Enumerable.Range(1, 30).Select(line => Example(line, $"aska filler{(char)('a' + line % 12)}", "yes"))], [], []) };

        Should.Throw<TrainingException>(() => new SpecialistTrainer().Train(run, CancellationToken.None)).Code.ShouldBe("NOTHING_TO_LEARN");
    }

    [Fact]
    public void Train_WhereTheTestHasLabelsNeverSeen_CountsThemAsWrongForAll()
    {
        var run = Run(new MemoryFiles(), "full", epochs: 1);
        run = run with { Data = run.Data with { Test = [.. run.Data.Test.Take(7).Select(example => Example(example.Line, SpecialistExample.From(example)!.Text, """{"version":1,"intent":"new","slots":[]}"""))] } };

        var rows = new SpecialistTrainer().Train(run, CancellationToken.None).Rows;

        rows.Count.ShouldBe(4);
        rows.ShouldAllBe(row => row.Metrics["accuracy"] == 0 && !row.Metrics.ContainsKey("oos_auroc"));
    }

    [Fact]
    public void Train_WhereTheTestHasValuesThatAreNotInTheText_CountsThemAsMissed()
    {
        var run = Run(new MemoryFiles(), "full");
        run = run with { Data = run.Data with { Test = [.. run.Data.Test.Where((_, i) => i % 8 != 7).Select(example => Example(example.Line, SpecialistExample.From(example)!.Text,
            """{"version":1,"intent":"intent 1","slots":[{"name":"thing","value":"elsewhere"}]}"""))] } };

        var metrics = new SpecialistTrainer().Train(run, CancellationToken.None).Rows.Single(row => row.System == "adapter").Metrics;

        metrics["slot_f1"].ShouldBe(0);
        metrics["exact_match"].ShouldBe(0);
    }

    [Fact]
    public void Train_WhereTheValidationIsAllRefusals_TrainsToTheEndAndStillKnowsWhatIsStrange()
    {
        var (files, observer) = (new MemoryFiles(), new RecordingObserver());
        var run = Run(files, "full", epochs: 3) with { Observer = observer };
        run = run with { Data = run.Data with { Validation = [.. run.Data.Validation.Where((_, i) => i % 8 == 7)] } };

        new SpecialistTrainer().Train(run, CancellationToken.None);

        observer.Measures.ShouldNotContain(measure => measure.Name == "validation_score");
        SpecialistModel.Load(files, null).OutOfScopeObjective.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Train_FromACheckpointOfAnotherBaseOrValidation_IsRefused(bool otherBase, bool otherValidation)
    {
        var run = Run(new MemoryFiles(), "lora", epochs: 2);
        new SpecialistTrainer().Train(run with { Observer = new RecordingObserver { PauseAfterStep = 3 } }, CancellationToken.None).IsPaused.ShouldBeTrue();
        var files = TinyEncoder.Files();
        if (otherBase)
        {
            var weights = files.Bytes("model.safetensors");
            weights[^2] ^= 0x41;
            files.Write("model.safetensors", weights);
            run = run with { BaseModel = files };
        }

        if (otherValidation)
        {
            run = run with { Data = run.Data with { Validation = Examples(40, 9) } };
        }

        Should.Throw<TrainingException>(() => new SpecialistTrainer().Train(run, CancellationToken.None)).Code.ShouldBe("CHECKPOINT_MISMATCH");
    }

    [Fact]
    public void Train_BatchesThatTheEncoderCannotTake_AreRefused()
    {
        var run = Run(new MemoryFiles(), "full");
        run = run with { HyperParameters = new Dictionary<string, string>(run.HyperParameters, StringComparer.Ordinal) { ["batch_tokens"] = "65537" } };

        Should.Throw<TrainingException>(() => new SpecialistTrainer().Train(run, CancellationToken.None)).Code.ShouldBe("HYPER_PARAMETER_INVALID");
    }

    [Fact]
    public void Predict_OnManyThreadsAtOnce_IsAsOnOne()
    {
        var files = new MemoryFiles();
        new SpecialistTrainer().Train(Run(files, "lora", epochs: 1), CancellationToken.None);
        var model = SpecialistModel.Load(files, TokenEncoder.Load(TinyEncoder.Files()));
        string[] texts = [.. Texts(24, seed: 6).Select(text => text.Text)];
        var alone = texts.Select(text => Shown(model.Predict([text], 1, CancellationToken.None)[0])).ToArray();
        var together = new string[texts.Length];

        Parallel.For(0, texts.Length, new ParallelOptions { MaxDegreeOfParallelism = 4 }, text => together[text] = Shown(model.Predict([texts[text]], 2, CancellationToken.None)[0]));

        together.ShouldBe(alone);

        static string Shown(SpecialistPrediction prediction) => JsonSerializer.Serialize(prediction);
    }

    [Fact]
    public void Load_OfDamagedFiles_SaysWhich()
    {
        var files = new MemoryFiles();
        new SpecialistTrainer().Train(Run(files, "lora", epochs: 1), CancellationToken.None);
        files.Write("specialist.json", "{\"version\":1,"u8.ToArray());

        Should.Throw<InvalidDataException>(() => SpecialistModel.NeedsBase(files)).Message.ShouldContain("specialist.json is damaged");
        Should.Throw<FileNotFoundException>(() => SpecialistModel.NeedsBase(new MemoryFiles())).Message.ShouldContain("specialist.json");
    }

    private static TrainingRun Run(MemoryFiles files, string method, int epochs = 12)
    {
        var parameters = new Dictionary<string, string>(Quick, StringComparer.Ordinal) { ["tuning"] = method, ["epochs"] = $"{epochs}" };
        return new TrainingRun(TinyEncoder.Files(), "tiny", new TrainingSet(Examples(400, 1), Examples(80, 2), Examples(80, 3)), parameters, Seed: 7, Threads: 2)
        {
            Checkpoints = new MemoryCheckpointStore(),
            Observer = new RecordingObserver(),
            CreateFile = files.Create,
        };
    }

    private static TrainingExample[] Examples(int count, ulong seed) => [.. Texts(count, seed).Select((text, line) => Example(line + 1, text.Text, text.Output))];

    private static ChatExample Example(int line, string text, string output) =>
        new(line, "", [new ChatTurn("user", text, null, 1), new ChatTurn("assistant", output, null, 1)], null);

    private static IEnumerable<(string Text, string Output)> Texts(int count, ulong seed)
    {
        for (var i = 0; i < count; i++)
        {
            var random = new Random((int)RandomSeed.Derive(seed, (ulong)i));
            string Filler() => TinyEncoder.Word("filler", random.Next(TinyEncoder.Topics));
            if (i % 8 == 7)
            {
                yield return (string.Join(' ', Enumerable.Range(0, 4).Select(_ => Filler())), Refusal);
                continue;
            }

            var intent = random.Next(Intents);
            string[] answers = [.. Enumerable.Range(0, random.Next(3)).Select(_ => TinyEncoder.Word("answer", random.Next(TinyEncoder.Topics))).Distinct(StringComparer.Ordinal)];
            string[] words = [Filler(), TinyEncoder.Word("ask", intent), .. answers.SelectMany(answer => (string[])[answer, Filler()])];
            var output = new { version = 1, intent = $"intent {intent}", slots = answers.Select(answer => new { name = "thing", value = answer }) };
            yield return (string.Join(' ', words), JsonSerializer.Serialize(output));
        }
    }

    private static byte[] Content(MemoryFiles files, string name)
    {
        using var stream = files.Open(name);
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
