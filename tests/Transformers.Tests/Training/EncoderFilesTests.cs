using System.Text.Json.Nodes;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Training.Encoder;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Training;

public sealed class EncoderFilesTests
{
    public static TheoryData<EncoderTarget[]> TargetSets => new(
        [.. EncoderLora.AllTargets], [EncoderTarget.Query, EncoderTarget.Value], [EncoderTarget.Output], [EncoderTarget.AttentionOutput], [EncoderTarget.Key, EncoderTarget.Intermediate]);

    [Theory]
    [MemberData(nameof(TargetSets))]
    public void SaveAdapter_AnyTargets_ServesBesideTheBaseWhatWasTrained(EncoderTarget[] targets)
    {
        var trained = TinyTraining.Load(EncoderTuning.LowRank(TinyTraining.AllLow with { Targets = targets }, 0));
        var written = new WrittenModelFiles();
        trained.SaveAdapter(written.Create);
        var server = TokenEncoder.Load(new TinyBert().HuggingFaceFiles());
        var adapter = server.LoadAdapter(written.Folder);
        var expected = TinyTraining.Hidden(trained, TinyTraining.Texts);
        var served = server.Run(TinyTraining.Texts, adapter, (_, hidden) => hidden.ToArray(), 2, CancellationToken.None);
        var bare = server.Run(TinyTraining.Texts, null, (_, hidden) => hidden.ToArray(), 2, CancellationToken.None);
        for (var text = 0; text < expected.Length; text++)
        {
            served[text].ShouldBe(expected[text], 1e-4);
            bare[text].Zip(expected[text]).Max(pair => Math.Abs(pair.First - pair.Second)).ShouldBeGreaterThan(0.01f);
        }
    }

    [Theory]
    [MemberData(nameof(TargetSets))]
    public void SaveAdapter_TargetModules_NameWhatPeftWouldAdapt(EncoderTarget[] targets)
    {
        var trained = TinyTraining.Load(EncoderTuning.LowRank(TinyTraining.AllLow with { Targets = targets }, 0));
        var written = new WrittenModelFiles();
        trained.SaveAdapter(written.Create);
        var config = JsonNode.Parse(written.Folder.Files["adapter_config.json"])!;
        var modules = config["target_modules"]!.AsArray().Select(module => (string)module!).ToArray();
        using var weights = SafetensorsFile.Open(written.Folder.Open("adapter_model.safetensors"), "adapter_model.safetensors");
        var adapted = new TinyBert().Tensors.Keys.Where(name => name.StartsWith("encoder.", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal))
            .Select(name => name[..^".weight".Length]).Where(name => Array.Exists(modules, module => name.EndsWith("." + module, StringComparison.Ordinal)));
        weights.Names.Order().ShouldBe(
            adapted.SelectMany(name => new[] { $"base_model.model.{name}.lora_A.weight", $"base_model.model.{name}.lora_B.weight" }).Order());
        ((int)config["r"]!, (float)config["lora_alpha"]!, (string)config["peft_type"]!).ShouldBe((3, 6f, "LORA"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void SaveMerged_ReadBySentenceEncoder_GivesTheTrainedVectors(bool full)
    {
        var trained = TinyTraining.Load(full ? EncoderTuning.Full(0) : EncoderTuning.LowRank(TinyTraining.AllLow, 0));
        if (full)
        {
            foreach (var parameter in trained.Parameters)
            {
                parameter.Values[0] += 0.5f;
            }
        }
        var written = new WrittenModelFiles();
        trained.SaveMerged(written.Create);
        var encoder = SentenceEncoder.Load(written.Folder);
        encoder.MaxTokens.ShouldBe(trained.MaxTokens);
        var vectors = encoder.Embed(TinyTraining.Texts, 1, CancellationToken.None);
        var states = TinyTraining.Hidden(trained, TinyTraining.Texts);
        for (var text = 0; text < states.Length; text++)
        {
            var mean = new float[TinyBert.Hidden];
            for (var i = 0; i < states[text].Length; i++)
            {
                mean[i % TinyBert.Hidden] += states[text][i];
            }
            var length = MathF.Sqrt(mean.Sum(value => value * value));
            vectors[text].Vector.ShouldBe(mean.Select(value => value / length), 1e-5);
        }
    }

    [Fact]
    public void SaveMerged_OfAFamilyThatPoolsTheFirstToken_SaysSoInItsFiles()
    {
        var written = new WrittenModelFiles();
        TrainableEncoder.Load(new TinyBert().HuggingFaceFiles(), "BAAI/bge-tiny-en", EncoderTuning.Full(0)).SaveMerged(written.Create);
        var (named, renamed) = (SentenceEncoder.Load(new TinyBert().HuggingFaceFiles(), "bge-tiny-en"), SentenceEncoder.Load(written.Folder, "support"));
        renamed.PrefixOf(TextKind.Query).ShouldBe(named.PrefixOf(TextKind.Query));
        renamed.Embed(TinyTraining.Texts, 1, CancellationToken.None)[1].Vector
            .ShouldBe(named.Embed(TinyTraining.Texts, 1, CancellationToken.None)[1].Vector);
    }

    [Fact]
    public void SaveReranker_ReadByCrossEncoder_ScoresByTheHead()
    {
        const int width = TinyBert.Hidden;
        var trained = TinyTraining.Load(EncoderTuning.LowRank(TinyTraining.AllLow, 0));
        var (dense, output) = (TinyTraining.Numbers(1, width * width), TinyTraining.Numbers(2, width));
        var written = new WrittenModelFiles();
        trained.SaveReranker(written.Create,
        [
            new("bert.pooler.dense.weight", [width, width], dense), new("bert.pooler.dense.bias", [width], new float[width]),
            new("classifier.weight", [1, width], output), new("classifier.bias", [1], [0.5f]),
        ]);
        var pair = trained.EncodePair("the cat", "a b c");
        pair.SecondStart.ShouldBe(4);
        var states = trained.Infer([pair], (_, hidden) => hidden[..width].ToArray(), 1, CancellationToken.None)[0];
        var expected = 0.5 + Enumerable.Range(0, width).Sum(row => output[row] * Math.Tanh(
            Enumerable.Range(0, width).Sum(i => (double)dense[(row * width) + i] * states[i])));
        CrossEncoder.Load(written.Folder).Score("the cat", ["a b c"], 1, CancellationToken.None)[0].Logit.ShouldBe((float)expected, 1e-3f);
    }

    [Fact]
    public void SaveAdapter_OfAFullyTrainedEncoder_IsRefused() =>
        Should.Throw<InvalidOperationException>(() => TinyTraining.Load(EncoderTuning.Full(0)).SaveAdapter(_ => new MemoryStream()));

    [Fact]
    public void LoadAdapter_OfAnotherEncoder_IsRefusedWithTheTensor()
    {
        var written = new WrittenModelFiles();
        TinyTraining.Load(EncoderTuning.LowRank(TinyTraining.AllLow, 0)).SaveAdapter(written.Create);
        var wider = new TinyBert().HuggingFaceFiles();
        var config = written.Folder.Files["adapter_config.json"];
        written.Folder.Files["adapter_config.json"] = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(config).Replace("\"r\": 3", "\"r\": 4", StringComparison.Ordinal));
        var thrown = Should.Throw<InvalidDataException>(() => TokenEncoder.Load(wider).LoadAdapter(written.Folder));
        thrown.Message.ShouldContain("lora_A.weight' has shape [3, 28]");
    }
}
