using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.TestKit;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests;

public sealed class ModelDescriptionTests
{
    private const string Shard1 = "model-00001-of-00002.safetensors";
    private const string Shard2 = "model-00002-of-00002.safetensors";
    private const string Index = "model.safetensors.index.json";

    [Fact]
    public void Read_EncoderInEitherLayout_SaysTheSameButTheWeightType()
    {
        var tiny = new TinyBert();

        var huggingFace = ModelDescription.Read(tiny.HuggingFaceFiles());
        var onnx = ModelDescription.Read(tiny.OnnxFiles());

        huggingFace.ShouldBe(new ModelDescription(
            ModelKind.Encoder, "bert", tiny.Tensors.Values.Sum(tensor => tensor.Values.Length), TinyBert.Hidden, TinyBert.MaxPositions, TinyBert.Vocabulary.Length, "F32"));
        onnx.ShouldBe(huggingFace with { WeightType = "int4" });
    }

    [Theory]
    [InlineData("bert", "BertModel", ModelKind.Encoder)]
    [InlineData("bert", "BertForMaskedLM", ModelKind.Encoder)]
    [InlineData("xlm-roberta", "XLMRobertaModel", ModelKind.Encoder)]
    [InlineData("xlm-roberta", "XLMRobertaForSequenceClassification", ModelKind.Reranker)]
    [InlineData("llama", "LlamaForCausalLM", ModelKind.Decoder)]
    [InlineData("qwen3", "Qwen3ForCausalLM", ModelKind.Decoder)]
    public void Configuration_OfAKnownArchitecture_DecidesTheKind(string type, string architecture, ModelKind kind)
    {
        var configuration = Configuration(json =>
        {
            json["model_type"] = type;
            json["architectures"] = new JsonArray(architecture);
            json["id2label"] = new JsonObject { ["0"] = "LABEL_0" };
            json["pad_token_id"] = 1;
            if (kind == ModelKind.Decoder)
            {
                (json["hidden_act"], json["head_dim"]) = ("silu", 8);
            }
        });

        (configuration.Kind, configuration.Architecture).ShouldBe((kind, architecture));
        configuration.MaxPositions.ShouldBe(type == "xlm-roberta" ? TinyBert.MaxPositions - 2 : TinyBert.MaxPositions);
    }

    [Theory]
    [InlineData("t5", "T5EncoderModel", "T5EncoderModel of model_type 't5' is not built")]
    [InlineData("bert", "BertForTokenClassification", "BertForTokenClassification of model_type 'bert' is not built")]
    [InlineData("bert", "BertForSequenceClassification", "with 2 labels is a classifier; a reranker has one label")]
    [InlineData("gpt2", "GPT2LMHeadModel", "is not built")]
    public void Configuration_OfAnotherArchitecture_IsRefusedNamingIt(string type, string architecture, string named) =>
        Should.Throw<InvalidDataException>(() => Configuration(json =>
        {
            json["model_type"] = type;
            json["architectures"] = new JsonArray(architecture);
            json["id2label"] = new JsonObject { ["0"] = "LABEL_0", ["1"] = "LABEL_1" };
        })).Message.ShouldContain(named);

    [Fact]
    public void Configuration_OfADecoder_IsWhatTheDecoderReads()
    {
        Decoder(json => json["sliding_window"] = 5).MaxPositions.ShouldBe(5);
        Should.Throw<InvalidDataException>(() => Decoder(json => json["quantization_config"] = new JsonObject())).Message.ShouldContain("quantization_config");
        Should.Throw<InvalidDataException>(() => Decoder(json => json["hidden_act"] = "gelu")).Message.ShouldContain("silu");

        static ModelConfiguration Decoder(Action<JsonObject> change) => Configuration(json =>
        {
            (json["model_type"], json["hidden_act"]) = ("mistral", "silu");
            json["head_dim"] = 8;
            json["architectures"] = new JsonArray("MistralForCausalLM");
            change(json);
        });
    }

    [Theory]
    [InlineData("{}", "of model_type '' is not built")]
    [InlineData("[]", "must be an object")]
    [InlineData("""{"model_type": 7}""", "model_type is 7")]
    [InlineData("""{"model_type": "bert", "architectures": "BertModel"}""", "architectures is \"BertModel\"; it must be a list of texts")]
    [InlineData("""{"model_type": "bert", "architectures": [3]}""", "architectures is 3")]
    [InlineData("""{"model_type": "bert", "hidden_act": "gelu", "hidden_size": 1e9}""", "hidden_size is 1e9")]
    [InlineData("""{"model_type": "bert", "architectures": ["BertForSequenceClassification"], "id2label": []}""", "id2label is []; it must be an object of texts")]
    public void Configuration_Damaged_IsRefusedNamingTheField(string json, string named) =>
        Should.Throw<InvalidDataException>(() => ModelConfiguration.Read(new MemoryStream(Encoding.UTF8.GetBytes(json)))).Message.ShouldContain(named);

    [Theory]
    [InlineData("config.json", "config.json is missing")]
    [InlineData("vocab.txt", "tokenizer.json and vocab.txt are missing")]
    [InlineData("model.safetensors", "There are no weights: none of model.safetensors")]
    public void Read_FileMissing_IsRefusedNamingIt(string name, string named)
    {
        var files = new TinyBert().HuggingFaceFiles();
        files.Files.Remove(name);

        Should.Throw<InvalidDataException>(() => ModelDescription.Read(files)).Message.ShouldContain(named);
    }

    [Theory]
    [InlineData("model.safetensors")]
    [InlineData("vocab.txt")]
    public void Read_GitLfsPointer_IsRefusedWithTheRemedy(string name)
    {
        var files = new TinyBert().HuggingFaceFiles();
        files.Files[name] = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 90868376\n"u8.ToArray();

        Should.Throw<InvalidDataException>(() => ModelDescription.Read(files)).Message.ShouldBe($"{name} is a Git LFS pointer, not the file itself; fetch it with: git lfs pull.");
    }

    [Fact]
    public void Read_ExternalDataMissing_IsRefusedNamingIt()
    {
        var files = new TinyBert().OnnxFiles();
        files.Files.Remove("onnx/model_q4.onnx_data");

        Should.Throw<InvalidDataException>(() => ModelDescription.Read(files)).Message.ShouldContain("onnx/model_q4.onnx_data is missing");
    }

    [Fact]
    public void Read_Shards_AreCountedTogether()
    {
        var whole = ModelDescription.Read(new TinyBert().HuggingFaceFiles());

        ModelDescription.Read(Sharded()).ShouldBe(whole);
    }

    [Theory]
    [InlineData(Shard1)]
    [InlineData(Shard2)]
    public void Read_ShardMissing_IsRefusedNamingIt(string shard)
    {
        var files = Sharded();
        files.Files.Remove(shard);

        Should.Throw<InvalidDataException>(() => ModelDescription.Read(files)).Message.ShouldContain($"names {shard}, which is missing");
    }

    [Fact]
    public void Read_Static_TakesItsShapeFromTheTable()
    {
        var files = new MemoryModelFiles();
        files.Files["config.json"] = """{"model_type": "model2vec", "architectures": ["StaticModel"], "seq_length": 1000000}"""u8.ToArray();
        files.Files["tokenizer.json"] = "{}"u8.ToArray();
        files.Files["model.safetensors"] = SafetensorsBytes.Write([("embeddings", [7, 4], new float[28])]);

        ModelDescription.Read(files).ShouldBe(new ModelDescription(ModelKind.Static, "StaticModel", 28, 4, 1_000_000, 7, "F32"));
    }

    [RequiresModelFact]
    public void Read_RealMiniLm_IsTheEncoderItsCardSays()
    {
        var description = ModelDescription.Read(new FolderModelFiles(RequiresModelFactAttribute.Folder));

        description.ShouldSatisfyAllConditions(
            found => found.Kind.ShouldBe(ModelKind.Encoder),
            found => found.Dimension.ShouldBe(384),
            found => found.MaxTokens.ShouldBe(256),
            found => found.VocabularySize.ShouldBe(30_522),
            found => found.Parameters.ShouldBeInRange(22_500_000, 22_800_000));
    }

    private static ModelConfiguration Configuration(Action<JsonObject> change)
    {
        var json = TinyBert.Config();
        change(json);
        return ModelConfiguration.Read(new MemoryStream(Encoding.UTF8.GetBytes(json.ToJsonString())));
    }

    private static MemoryModelFiles Sharded()
    {
        var tiny = new TinyBert();
        var files = tiny.HuggingFaceFiles();
        files.Files.Remove("model.safetensors");
        var halves = tiny.Tensors.Select((tensor, place) => (Tensor: tensor, Shard: place % 2 == 0 ? Shard1 : Shard2)).ToList();
        foreach (var half in halves.GroupBy(half => half.Shard, half => half.Tensor))
        {
            files.Files[half.Key] = SafetensorsBytes.Write(half.Select(tensor => (tensor.Key, tensor.Value.Shape, tensor.Value.Values)));
        }
        var map = new JsonObject(halves.Select(half => KeyValuePair.Create(half.Tensor.Key, (JsonNode?)half.Shard)));
        files.Files[Index] = Encoding.UTF8.GetBytes(new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
        return files;
    }
}
