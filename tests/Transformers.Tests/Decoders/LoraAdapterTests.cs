using System.Text.Json.Nodes;
using RagPlatform.Transformers.Decoders;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Decoders;

public sealed class LoraAdapterTests
{
    private const int Rank = 4;

    private readonly ReferenceDecoder reference = ReferenceDecoder.Of("llama");

    [Theory]
    [InlineData(false, "q_proj")]
    [InlineData(false, "v_proj", "q_proj")]
    [InlineData(true, "k_proj", "down_proj", "gate_proj")]
    [InlineData(true, "q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")]
    public void Session_WithAdapter_EqualsTheMergedModel(bool rankStabilised, params string[] targets)
    {
        var adapter = new TinyAdapter(seed: 5, Rank, targets);
        adapter.Config["use_rslora"] = rankStabilised;
        var expected = Logits(Decoder.Load(Merged(adapter, rankStabilised ? 12 / 2f : 12 / 4f)), null);
        var decoder = reference.Load();
        var actual = Logits(decoder, LoraAdapter.Load(adapter.Files(), decoder));

        var plain = Logits(decoder, null);
        actual.Zip(plain, (one, other) => Math.Abs(one - other)).Max().ShouldBeGreaterThan(0.1f);
        for (var i = 0; i < actual.Length; i++)
        {
            actual[i].ShouldBe(expected[i], 1e-4f * expected.Max(Math.Abs));
        }
    }

    [Fact]
    public void Sessions_WithTwoAdaptersAtOnce_AreAsEachAlone()
    {
        var decoder = reference.Load();
        LoraAdapter?[] adapters =
        [
            LoraAdapter.Load(new TinyAdapter(1, Rank, ["q_proj", "v_proj"]).Files(), decoder),
            LoraAdapter.Load(new TinyAdapter(2, 7, TinyAdapter.AllModules).Files(), decoder),
            null,
        ];
        var alone = Array.ConvertAll(adapters, adapter => Logits(decoder, adapter));
        var sessions = Array.ConvertAll(adapters, adapter => new DecoderSession(decoder, reference.Ids.Length, adapter, threads: 2));
        var together = Array.ConvertAll(adapters, _ => new float[decoder.VocabularySize]);
        foreach (var id in reference.Ids)
        {
            Parallel.For(0, sessions.Length, i => sessions[i].Append([id], CancellationToken.None).CopyTo(together[i]));
        }
        for (var i = 0; i < sessions.Length; i++)
        {
            sessions[i].Dispose();
            together[i].ShouldBe(alone[i][^decoder.VocabularySize..], $"adapter {i}");
        }
    }

    [Fact]
    public void Load_OlderNames_AreRead()
    {
        var adapter = new TinyAdapter(5, Rank, ["q_proj"]);
        var decoder = reference.Load();
        var expected = Logits(decoder, LoraAdapter.Load(adapter.Files(), decoder));
        for (var i = 0; i < adapter.Tensors.Count; i++)
        {
            adapter.Tensors[i] = adapter.Tensors[i] with { Name = adapter.Tensors[i].Name.Replace(".weight", ".default.weight", StringComparison.Ordinal) };
        }
        Logits(decoder, LoraAdapter.Load(adapter.Files(), decoder)).ShouldBe(expected);
    }

    [Fact]
    public void Load_SomeLayersOnly_NeedsTheConfigurationToSaySo()
    {
        var adapter = new TinyAdapter(5, Rank, ["q_proj"], layers: 1);
        Refused(adapter).ShouldContain("layers.1.self_attn.q_proj.lora_A");
        adapter.Config["layers_to_transform"] = new JsonArray(0);
        LoraAdapter.Load(adapter.Files(), reference.Load()).Rank.ShouldBe(Rank);
    }

    [Fact]
    public void Load_MadeForAnotherShape_NamesTheTensor()
    {
        Refused(new TinyAdapter(5, Rank, ["q_proj"], layers: 3)).ShouldContain("layers.2.");
        var wide = new TinyAdapter(5, Rank, ["q_proj"]);
        wide.Tensors[0] = (wide.Tensors[0].Name, [Rank, 33], new float[Rank * 33]);
        Refused(wide).ShouldContain("[4, 33]");
        var otherRank = new TinyAdapter(5, Rank, ["q_proj"]);
        otherRank.Config["r"] = 5;
        Refused(otherRank).ShouldContain("[5, 32]");
    }

    [Fact]
    public void Load_HalfAPairOrAStrayTensor_IsRefused()
    {
        var half = new TinyAdapter(5, Rank, ["q_proj"]);
        half.Tensors.RemoveAt(1);
        Refused(half).ShouldContain("lora_B");
        var stray = new TinyAdapter(5, Rank, ["q_proj"]);
        stray.Tensors.Add(("base_model.model.lm_head.lora_A.weight", [Rank, 32], new float[Rank * 32]));
        Refused(stray).ShouldContain("lm_head");
        var notFinite = new TinyAdapter(5, Rank, ["q_proj"]);
        notFinite.Tensors[1].Values[3] = float.NaN;
        Refused(notFinite).ShouldContain("finite");
    }

    [Theory]
    [InlineData("peft_type", "\"IA3\"")]
    [InlineData("bias", "\"all\"")]
    [InlineData("use_dora", "true")]
    [InlineData("fan_in_fan_out", "true")]
    [InlineData("r", "0")]
    [InlineData("r", "1000000000")]
    [InlineData("lora_alpha", "-1")]
    [InlineData("lora_alpha", "\"16\"")]
    [InlineData("rank_pattern", "{\"q_proj\": 8}")]
    [InlineData("alpha_pattern", "{\"q_proj\": 8}")]
    [InlineData("modules_to_save", "[\"lm_head\"]")]
    [InlineData("init_lora_weights", "\"pissa_niter_16\"")]
    [InlineData("init_lora_weights", "\"olora\"")]
    [InlineData("layer_replication", "[[0, 1], [0, 1]]")]
    [InlineData("alora_invocation_tokens", "[5, 6]")]
    [InlineData("target_modules", "\".*attn.*\"")]
    [InlineData("target_modules", "[]")]
    [InlineData("target_modules", "7")]
    public void Load_WhatIsNotBuilt_IsRefusedByName(string field, string value)
    {
        var adapter = new TinyAdapter(5, Rank, ["q_proj"]);
        adapter.Config[field] = JsonNode.Parse(value);
        Refused(adapter).ShouldContain(field);
    }

    [Fact]
    public void Load_MissingFile_NamesIt()
    {
        foreach (var name in new[] { "adapter_config.json", "adapter_model.safetensors" })
        {
            var files = new TinyAdapter(5, Rank, ["q_proj"]).Files();
            files.Files.Remove(name);
            Should.Throw<FileNotFoundException>(() => LoraAdapter.Load(files, reference.Load())).Message.ShouldContain(name);
        }
    }

    private string Refused(TinyAdapter adapter) =>
        Should.Throw<InvalidDataException>(() => LoraAdapter.Load(adapter.Files(), reference.Load())).Message;

    private float[] Logits(Decoder decoder, LoraAdapter? adapter)
    {
        using var session = new DecoderSession(decoder, reference.Ids.Length, adapter);
        var logits = new float[reference.Ids.Length * decoder.VocabularySize];
        session.Append(reference.Ids, logits, CancellationToken.None);
        return logits;
    }

    private MemoryModelFiles Merged(TinyAdapter adapter, float scale)
    {
        using var weights = SafetensorsFile.Open(reference.Files.Open("model.safetensors"));
        var merged = new List<(string, int[], float[])>();
        foreach (var name in weights.Names)
        {
            var tensor = weights.Read(name);
            var delta = adapter.Delta(name.Replace(".weight", "", StringComparison.Ordinal), scale);
            merged.Add((name, [.. tensor.Shape], delta is null ? tensor.Values : [.. tensor.Values.Zip(delta, (left, right) => left + right)]));
        }
        var files = new MemoryModelFiles();
        files.Files["config.json"] = reference.Files.Files["config.json"];
        files.Files["model.safetensors"] = SafetensorsBytes.Write(merged);
        return files;
    }
}
