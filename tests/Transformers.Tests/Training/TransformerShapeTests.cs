using RagPlatform.Transformers.Tests.Reference;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Training;

namespace RagPlatform.Transformers.Tests.Training;

public class TransformerShapeTests
{
    [Theory]
    [InlineData("bert-encoder")]
    [InlineData("xlm-roberta-reranker")]
    public void Read_Encoder_CountsItsWeights(string model)
    {
        var files = new ReferenceModel(model);

        var shape = TransformerShape.Read(files);

        shape.IsDecoder.ShouldBeFalse();
        shape.Layers.ShouldBe(2);
        shape.HiddenSize.ShouldBe(24);
        // Biases and norms weigh more in so small a model.
        ((double)shape.Weights).ShouldBe(ModelDescription.Read(files).Parameters, 0.25 * shape.Weights);
    }

    [Fact]
    public void Read_StaticModelOrNothing_IsRefused()
    {
        Should.Throw<FileNotFoundException>(() => TransformerShape.Read(new MemoryModelFiles())).Message.ShouldContain("config.json");
        var model = new MemoryModelFiles().With(files => files["config.json"] = """{"model_type":"model2vec"}"""u8.ToArray());
        Should.Throw<InvalidDataException>(() => TransformerShape.Read(model)).Message.ShouldContain("static model");
    }

    [Fact]
    public void Read_Decoder_CountsItsWeights()
    {
        var model = new MemoryModelFiles().With(files => files["config.json"] = """
            {"model_type":"llama","architectures":["LlamaForCausalLM"],"hidden_size":576,"intermediate_size":1536,"num_hidden_layers":30,
             "num_attention_heads":9,"num_key_value_heads":3,"vocab_size":49152,"max_position_embeddings":2048,"rms_norm_eps":1e-5,
             "rope_theta":10000.0,"tie_word_embeddings":true,"hidden_act":"silu"}
            """u8.ToArray());

        var shape = TransformerShape.Read(model);

        shape.ShouldBe(new TransformerShape(true, 30, 576, 1536, 576, 192, 49152, 0, false));
        // SmolLM-135M has 134,515,008.
        ((double)shape.Weights).ShouldBe(134_515_008, 134_515_008 * 0.001);
    }
}
