using System.Text.Json;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Tests.Decoders;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Training.Decoder;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Training.Decoder;

public sealed class AdapterFilesTests
{
    private static readonly int[] Ids = [1, 7, 12, 3, 39, 0, 25, 25, 4];

    [Theory]
    [InlineData("llama-lora", false)]
    [InlineData("qwen2-lora", true)]
    [InlineData("qwen3-lora", false)]
    public void Adapter_ReadBack_IsWhatWasTrained(string name, bool rankStabilised)
    {
        var reference = ReferenceTraining.Of(name);
        var model = ReferenceDecoder.Of(reference.Decoder);
        var tuning = new DecoderTuning { Rank = 5, Alpha = 7.5, RankStabilised = rankStabilised, Dropout = 0.1 };
        using var trained = TrainableDecoder.Load(model.Files, tuning, seed: 3, threads: 1);
        Disturb(trained);
        var (adapterFiles, mergedFiles) = (new MemoryFolder(), new MemoryFolder());
        LoraWriter.Write(trained, "some/base", adapterFiles.Create);
        MergedDecoderWriter.Write(trained, model.Files, mergedFiles.Create);

        var decoder = model.Load(WeightStorage.Float32);
        var adapter = LoraAdapter.Load(adapterFiles.Files(), decoder);
        adapter.Rank.ShouldBe(5);
        var expected = trained.Measure([Pack], CancellationToken.None).Sum;
        LossOf(decoder, adapter).ShouldBe(expected, 1e-4 * expected);
        LossOf(RagPlatform.Transformers.Decoders.Decoder.Load(mergedFiles.Files()), null).ShouldBe(expected, 1e-4 * expected);
        Math.Abs(LossOf(decoder, null) - expected).ShouldBeGreaterThan(0.01);
    }

    [Fact]
    public void Adapter_HasPeftsNamesAndFields()
    {
        var folder = new MemoryFolder();
        using var trained = ReferenceTraining.Of("llama-lora").Load();
        LoraWriter.Write(trained, "some/base", folder.Create);
        using var weights = SafetensorsFile.Open(folder.Files().Open("adapter_model.safetensors"));
        weights.Names.ShouldContain("base_model.model.model.layers.1.mlp.down_proj.lora_B.weight");
        weights.Read("base_model.model.model.layers.0.self_attn.v_proj.lora_A.weight").Shape.ShouldBe([4, 32]);
        using var config = JsonDocument.Parse(folder.Files().Open("adapter_config.json"));
        config.RootElement.GetProperty("lora_alpha").GetRawText().ShouldBe("12");
        config.RootElement.GetProperty("task_type").GetString().ShouldBe("CAUSAL_LM");
        config.RootElement.GetProperty("base_model_name_or_path").GetString().ShouldBe("some/base");
        config.RootElement.GetProperty("target_modules").GetArrayLength().ShouldBe(5);
    }

    [Fact]
    public void Merged_OfALlama2cCheckpoint_LoadsAsHuggingFacesLayout()
    {
        var checkpoint = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Reference", "stories260K", "stories260K.bin"));
        using var trained = TrainableDecoder.LoadLlama2c(new MemoryStream(checkpoint), new DecoderTuning { Rank = 2 }, seed: 1, threads: 1);
        Disturb(trained);
        var folder = new MemoryFolder();
        MergedDecoderWriter.Write(trained, null, folder.Create);
        var expected = trained.Measure([Pack], CancellationToken.None).Sum;
        LossOf(RagPlatform.Transformers.Decoders.Decoder.Load(folder.Files()), null).ShouldBe(expected, 1e-4 * expected);
        var adapterFiles = new MemoryFolder();
        LoraWriter.Write(trained, "stories260K", adapterFiles.Create);
        var decoder = RagPlatform.Transformers.Decoders.Decoder.LoadLlama2c(new MemoryStream(checkpoint));
        LossOf(decoder, LoraAdapter.Load(adapterFiles.Files(), decoder)).ShouldBe(expected, 1e-4 * expected);
    }

    [Fact]
    public void Adapter_OfAFullyTrainedDecoder_IsRefused()
    {
        using var trained = ReferenceTraining.Of("llama-full").Load();
        Should.Throw<ArgumentException>(() => LoraWriter.Write(trained, "x", new MemoryFolder().Create)).Message.ShouldContain("merged");
    }

    private static TokenPack Pack => TokenPack.Of((Ids, [.. Ids.Select(_ => true)]));

    private static void Disturb(TrainableDecoder decoder)
    {
        var random = new Random(11);
        foreach (var parameter in decoder.Parameters)
        {
            for (var i = 0; i < parameter.Values.Length; i++)
            {
                parameter.Values[i] += (random.NextSingle() - 0.5f) * 0.2f;
            }
        }
    }

    private static double LossOf(RagPlatform.Transformers.Decoders.Decoder decoder, LoraAdapter? adapter)
    {
        using var session = new DecoderSession(decoder, Ids.Length, adapter);
        var sum = 0.0;
        for (var i = 0; i + 1 < Ids.Length; i++)
        {
            var logits = session.Append([Ids[i]], CancellationToken.None).ToArray();
            sum += Math.Log(logits.Sum(logit => Math.Exp(logit))) - logits[Ids[i + 1]];
        }
        return sum;
    }

    /// <summary>Files in memory, kept when they are closed.</summary>
    private sealed class MemoryFolder
    {
        private readonly Dictionary<string, MemoryStream> streams = [];

        public Stream Create(string name) => streams[name] = new MemoryStream();

        public MemoryModelFiles Files()
        {
            var files = new MemoryModelFiles();
            foreach (var (name, stream) in streams)
            {
                files.Files[name] = stream.ToArray();
            }
            return files;
        }
    }
}
