using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Tests.Weights;

namespace RagPlatform.Transformers.Tests;

public sealed class SentenceEncoderLoadTests
{
    private static readonly TinyBert Model = new();

    [Theory]
    [InlineData("config.json")]
    [InlineData("vocab.txt")]
    [InlineData("model.safetensors")]
    public void Load_FileMissing_NamesIt(string name)
    {
        var files = Model.HuggingFaceFiles();
        files.Files.Remove(name);
        Should.Throw<FileNotFoundException>(() => SentenceEncoder.Load(files)).Message.ShouldContain(name);
    }

    [Theory]
    [InlineData("hidden_size", "0", "hidden_size is 0")]
    [InlineData("hidden_size", "27", "multiple of num_attention_heads")]
    [InlineData("hidden_size", "56", "shape")]
    [InlineData("hidden_size", "28.5", "whole number")]
    [InlineData("hidden_size", "\"28\"", "must be a number")]
    [InlineData("hidden_size", "1e999", "must be a number")]
    [InlineData("num_hidden_layers", "3", "encoder.layer.2")]
    [InlineData("vocab_size", "2000000000", "4000000")]
    [InlineData("vocab_size", "10", "different models")]
    [InlineData("layer_norm_eps", "0", "layer_norm_eps")]
    [InlineData("model_type", "\"nomic_bert\"", "nomic_bert")]
    [InlineData("hidden_act", "\"gelu_new\"", "gelu_new")]
    [InlineData("position_embedding_type", "\"relative_key\"", "relative_key")]
    public void Load_ConfigOfAnotherModel_NamesFieldAndValue(string field, string value, string reason)
    {
        var config = TinyBert.Config();
        config[field] = "?";
        Refusal(files => files.Files["config.json"] = Encoding.UTF8.GetBytes(
            config.ToJsonString().Replace("\"?\"", value, StringComparison.Ordinal))).ShouldContain(reason);
    }

    [Theory]
    [InlineData("embeddings.word_embeddings.weight", float.NaN)]
    [InlineData("encoder.layer.0.attention.self.key.weight", float.PositiveInfinity)]
    [InlineData("encoder.layer.1.output.LayerNorm.bias", float.NaN)]
    public void Load_WeightThatIsNoNumber_NamesItsTensor(string name, float value)
    {
        var model = new TinyBert();
        model.Tensors[name].Values[^1] = value;
        Should.Throw<InvalidDataException>(() => SentenceEncoder.Load(model.HuggingFaceFiles())).Message.ShouldContain($"'{name}' has a value that is not a finite number");
    }

    [Theory]
    [InlineData("hidden_size")]
    [InlineData("max_position_embeddings")]
    public void Load_ConfigWithoutAField_NamesIt(string field)
    {
        var config = TinyBert.Config();
        config.Remove(field);
        Refusal(files => files.Files["config.json"] = Json(config)).ShouldContain(field);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    public void Load_ConfigThatIsNoObject_IsRefused(string config) =>
        Refusal(files => files.Files["config.json"] = Encoding.UTF8.GetBytes(config)).ShouldContain("config.json");

    [Fact]
    public void Load_ConfigBytesChanged_IsLoadedOrRefused()
    {
        var files = Model.HuggingFaceFiles();
        DamagedFiles.SurvivesFlips(files.Files["config.json"], seed: 3, rounds: 1000, config =>
        {
            files.Files["config.json"] = config;
            SentenceEncoder.Load(files);
        });
    }

    [Fact]
    public void Load_SentenceTransformersSettings_AreFollowed()
    {
        var files = Model.HuggingFaceFiles();
        files.Files["sentence_bert_config.json"] = Json(new JsonObject { ["max_seq_length"] = 12 });
        files.Files["1_Pooling/config.json"] = Json(new JsonObject { ["pooling_mode_cls_token"] = true });
        files.Files["tokenizer_config.json"] = Json(new JsonObject { ["do_lower_case"] = false });
        var encoder = SentenceEncoder.Load(files);
        encoder.MaxTokens.ShouldBe(12);
        encoder.Tokenizer.Tokenize("CAT").Ids.ShouldBe([1]);
        SentenceEncoderTests.ShouldBeClose(
            encoder.EmbedPassages(["the cat"], 1, CancellationToken.None)[0].Vector,
            new ReferenceBert(Model).FirstToken(encoder.Tokenizer.Encode("the cat", 12).Ids));
    }

    [Fact]
    public void Load_WidthThatOnlyTheEmbeddingsHave_AllocatesNoMoreThanTheFile()
    {
        const int width = 8192;
        var config = TinyBert.Config();
        (config["hidden_size"], config["max_position_embeddings"]) = (width, 3);
        var files = Model.HuggingFaceFiles();
        files.Files["config.json"] = Json(config);
        files.Files["model.safetensors"] = SafetensorsBytes.Write(
        [
            ("embeddings.word_embeddings.weight", [TinyBert.Vocabulary.Length, width], new float[TinyBert.Vocabulary.Length * width]),
            ("embeddings.position_embeddings.weight", [3, width], new float[3 * width]),
            ("embeddings.token_type_embeddings.weight", [2, width], new float[2 * width]),
            ("embeddings.LayerNorm.weight", [width], new float[width]),
            ("embeddings.LayerNorm.bias", [width], new float[width]),
        ]);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<InvalidDataException>(() => SentenceEncoder.Load(files)).Message.ShouldContain("encoder.layer.0");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(4L * files.Files["model.safetensors"].Length);
    }

    [Theory]
    [InlineData("../other")]
    [InlineData("/etc")]
    public void Load_PoolingOutsideTheFolder_IsRefused(string path) => Refusal(files => files.Files["modules.json"] = Encoding.UTF8.GetBytes(
        $$"""[{"path":"","type":"x.Transformer"},{"path":"{{path}}","type":"x.Pooling"}]""")).ShouldContain("plain name");

    [Fact]
    public void Load_MaxLengthAboveThePositions_IsCutToThem()
    {
        var files = Model.HuggingFaceFiles();
        files.Files["sentence_bert_config.json"] = Json(new JsonObject { ["max_seq_length"] = 512 });
        SentenceEncoder.Load(files).MaxTokens.ShouldBe(TinyBert.MaxPositions);
    }

    [Theory]
    [InlineData("pooling_mode_lasttoken")]
    [InlineData("pooling_mode_weightedmean_tokens")]
    public void Load_PoolingOfAnotherKind_IsRefusedByName(string mode) => Refusal(files =>
        files.Files["1_Pooling/config.json"] = Json(new JsonObject { [mode] = true })).ShouldContain(mode);

    private static string Refusal(Action<MemoryModelFiles> damage)
    {
        var files = Model.HuggingFaceFiles();
        damage(files);
        return Should.Throw<InvalidDataException>(() => SentenceEncoder.Load(files)).Message;
    }

    private static byte[] Json(JsonObject json) => Encoding.UTF8.GetBytes(json.ToJsonString());
}
