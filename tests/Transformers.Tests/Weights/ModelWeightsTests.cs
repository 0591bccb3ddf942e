using System.Text;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Weights;

public sealed class ModelWeightsTests
{
    [Fact]
    public void Open_SeveralKinds_TakesTheFirstOfTheOrder()
    {
        var files = new MemoryModelFiles();
        files.Files["onnx/model_q4.onnx"] = Onnx(4f);
        ModelWeights.Find(files).ShouldBe("onnx/model_q4.onnx");
        ValueOf(files).ShouldBe(4f);
        files.Files["onnx/model.onnx"] = Onnx(3f);
        ValueOf(files).ShouldBe(3f);
        files.Files["part.safetensors"] = SafetensorsBytes.Write([("w", [1], [2f])]);
        files.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes("""{"weight_map":{"w":"part.safetensors"}}""");
        ValueOf(files).ShouldBe(2f);
        files.Files["model.safetensors"] = SafetensorsBytes.Write([("w", [1], [1f])]);
        ValueOf(files).ShouldBe(1f);
    }

    [Fact]
    public void Open_None_NamesAllThatWereLookedFor()
    {
        var message = Should.Throw<FileNotFoundException>(() => ModelWeights.Open(new MemoryModelFiles())).Message;
        foreach (var name in ModelWeights.FileNames)
        {
            message.ShouldContain(name);
        }
    }

    [Fact]
    public void Open_ShardedModel_EmbedsAsTheSingleFileDoes()
    {
        var model = new TinyBert();
        var single = model.HuggingFaceFiles();
        var sharded = model.HuggingFaceFiles();
        sharded.Files.Remove("model.safetensors");
        var map = new List<string>();
        foreach (var shard in model.Tensors.Chunk(7).Index())
        {
            var name = $"model-{shard.Index}.safetensors";
            sharded.Files[name] = SafetensorsBytes.Write(shard.Item.Select(tensor => (tensor.Key, tensor.Value.Shape, tensor.Value.Values)));
            map.AddRange(shard.Item.Select(tensor => $"\"{tensor.Key}\":\"{name}\""));
        }
        sharded.Files["model.safetensors.index.json"] = Encoding.UTF8.GetBytes($$$"""{"weight_map":{{{{string.Join(',', map)}}}}}""");

        Vector(sharded).ShouldBe(Vector(single));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_PyTorchsOnnxExport_EmbedsAsSafetensorsDoes(bool external)
    {
        var model = new TinyBert();
        Vector(model.PyTorchOnnxFiles(external)).ShouldBe(Vector(model.HuggingFaceFiles()));
    }

    private static float[] Vector(MemoryModelFiles files) =>
        SentenceEncoder.Load(files).EmbedPassages(["the cat."], 1, CancellationToken.None)[0].Vector;

    private static float ValueOf(MemoryModelFiles files)
    {
        using var weights = ModelWeights.Open(files);
        return weights.Read("w").Values[0];
    }

    private static byte[] Onnx(float value)
    {
        var writer = new OnnxWriter();
        writer.AddInside("w", OnnxWriter.Float32, [1], BitConverter.GetBytes(value));
        return writer.Model;
    }
}
