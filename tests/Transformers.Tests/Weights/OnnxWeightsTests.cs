using System.Runtime.InteropServices;
using RagPlatform.Transformers.Onnx;
using RagPlatform.Transformers.Tests.TinyModels;

namespace RagPlatform.Transformers.Tests.Weights;

public sealed class OnnxWeightsTests
{
    private const string Name = "onnx/model.onnx";

    [Fact]
    public void Read_InsideAndOutside_GivesTheValues()
    {
        using var weights = OnnxWeights.Open(Files(Small()), Name);
        weights.Read("inside").Values.ShouldBe([1f, -2f]);
        weights.Read("inside").Shape.ShouldBe([2, 1]);
        weights.Read("outside").Values.ShouldBe([3f, 4f, 5f]);
    }

    [Fact]
    public void Read_Int4_GivesTheRowsDequantised()
    {
        // Two rows of 18 values in blocks of 16: the second block of each row is filled up.
        using var weights = OnnxWeights.Open(Files(Small()), Name);
        var tensor = weights.Read("q");
        tensor.Shape.ShouldBe([2, 18]);
        tensor.Values[0].ShouldBe((0x1 - 8) * 0.5f);
        tensor.Values[1].ShouldBe((0xF - 8) * 0.5f);
        tensor.Values[16].ShouldBe((0x2 - 8) * 10f);
        tensor.Values[17].ShouldBe((0xE - 8) * 10f);
        tensor.Values[18].ShouldBe((0x3 - 8) * -1f);
        tensor.Values[35].ShouldBe((0xC - 8) * 100f);
    }

    [Fact]
    public void Read_Int4WhoseScalesAreInt4_IsRefused()
    {
        // Must not be read for ever, each as the other's scales.
        var writer = new OnnxWriter();
        writer.AddInside("a", OnnxWriter.UInt8, [1, 1, 8], new byte[8]);
        writer.AddInside("b", OnnxWriter.UInt8, [1, 1, 8], new byte[8]);
        writer.AddInt4Product("a", "b", depth: 16, columns: 1, block: 16);
        writer.AddInt4Product("b", "a", depth: 16, columns: 1, block: 16);
        Refusal(writer).ShouldContain("has data type 2");
    }

    [Fact]
    public void Open_ModelCutAnywhere_IsRefused()
    {
        var writer = Small();
        DamagedFiles.RefusesEveryPrefix(writer.Model, model => ReadAll(Files(writer, model), "inside", "outside", "q", "scales"));
    }

    [Fact]
    public void Read_ExternalDataCutAnywhere_IsRefused()
    {
        var writer = Small();
        DamagedFiles.RefusesEveryPrefix(writer.ExternalData, data => ReadAll(Files(writer, data: data)));
    }

    [Fact]
    public void Open_BytesChanged_IsReadOrRefused()
    {
        var writer = Small();
        DamagedFiles.SurvivesFlips(writer.Model, seed: 2, rounds: 2000, model => ReadAll(Files(writer, model)));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("..")]
    [InlineData("")]
    public void Read_ExternalFileElsewhere_IsRefused(string location)
    {
        var writer = new OnnxWriter { ExternalFile = location };
        writer.AddOutside("w", OnnxWriter.Float32, [1], new byte[4]);
        Refusal(writer).ShouldContain("plain file name");
    }

    [Fact]
    public void Read_ExternalFileMissing_NamesIt()
    {
        var writer = new OnnxWriter { ExternalFile = "gone" };
        writer.AddOutside("w", OnnxWriter.Float32, [1], new byte[4]);
        var files = Files(writer);
        files.Files.Remove("onnx/gone");
        Should.Throw<InvalidDataException>(() => ReadAll(files)).Message.ShouldContain("onnx/gone");
    }

    [Theory]
    [InlineData("9223372036854775807", "4", "lies at")]
    [InlineData("0", "8", "needs")]
    [InlineData("-4", "4", "offset")]
    [InlineData("zero", "4", "offset")]
    [InlineData("1", "4", "lies at")]
    public void Read_ExternalRangeOutsideTheFile_IsRefused(string offset, string length, string reason)
    {
        var writer = new OnnxWriter();
        writer.AddOutside("w", OnnxWriter.Float32, [1], offset, length);
        Should.Throw<InvalidDataException>(() => ReadAll(Files(writer, data: new byte[4]))).Message.ShouldContain(reason);
    }

    [Theory]
    [InlineData(3, 16)]
    [InlineData(8, 16)]
    [InlineData(4, 0)]
    [InlineData(4, 24)]
    [InlineData(4, 1 << 20)]
    public void Open_Int4OfAnotherKind_IsRefused(int bits, int block)
    {
        var writer = new OnnxWriter();
        writer.AddInt4Product("q", "s", 32, 1, block, bits);
        Should.Throw<InvalidDataException>(() => OnnxWeights.Open(Files(writer), Name)).Message.ShouldContain("MatMulNBits");
    }

    [Fact]
    public void Read_ShapeBeyondTheData_IsRefusedBeforeAllocating()
    {
        var writer = new OnnxWriter();
        writer.AddInside("w", OnnxWriter.Float32, [40_000, 50_000], new byte[4]);
        Refusal(writer).ShouldContain("needs 8000000000");
    }

    [Fact]
    public void Read_FloatData_GivesTheValues()
    {
        var writer = new OnnxWriter();
        writer.AddFloats("w", [2], Bytes(1f, 2f));
        using var weights = OnnxWeights.Open(Files(writer), Name);
        weights.Read("w").Values.ShouldBe([1f, 2f]);
    }

    [Fact]
    public void Read_WeightThatABiasNames_IsTurnedRound()
    {
        using var weights = OnnxWeights.Open(Files(Linear("MatMul")), Name);
        weights.Contains("layer.weight").ShouldBeTrue();
        var tensor = weights.Read("layer.weight");
        tensor.Name.ShouldBe("layer.weight");
        tensor.Shape.ShouldBe([3, 2]);
        tensor.Values.ShouldBe([1f, 4f, 2f, 5f, 3f, 6f]);
    }

    [Theory]
    [InlineData(0, new[] { 3, 2 }, new[] { 1f, 4f, 2f, 5f, 3f, 6f })]
    [InlineData(1, new[] { 2, 3 }, new[] { 1f, 2f, 3f, 4f, 5f, 6f })]
    public void Read_WeightOfAGemm_FollowsItsTransposition(long transposed, int[] shape, float[] values)
    {
        var writer = new OnnxWriter();
        writer.AddInside("onnx::Gemm_1", OnnxWriter.Float32, [2, 3], Bytes(1f, 2f, 3f, 4f, 5f, 6f));
        writer.AddInside("layer.bias", OnnxWriter.Float32, [3], new byte[12]);
        writer.AddNode("Gemm", ["x", "onnx::Gemm_1", "layer.bias"], "y", ("transB", transposed));
        using var weights = OnnxWeights.Open(Files(writer), Name);
        weights.Read("layer.weight").Shape.ShouldBe(shape);
        weights.Read("layer.weight").Values.ShouldBe(values);
    }

    [Fact]
    public void Read_BiasKeptOnce_IsFoundThroughItsIdentity()
    {
        var writer = Linear("MatMul");
        writer.AddInside("onnx::MatMul_2", OnnxWriter.Float32, [1, 3], Bytes(7f, 8f, 9f));
        writer.AddNode("Identity", ["layer.bias"], "other.bias");
        writer.AddNode("MatMul", ["x", "onnx::MatMul_2"], "product2");
        writer.AddNode("Add", ["other.bias", "product2"], "y2");
        using var weights = OnnxWeights.Open(Files(writer), Name);
        weights.Read("other.bias").Values.ShouldBe([0.5f, 0.25f, 0.125f]);
        weights.Read("other.weight").Shape.ShouldBe([3, 1]);
        weights.Read("layer.weight").Shape.ShouldBe([3, 2]);
    }

    [Fact]
    public void Read_WeightThatIsThereByName_IsAsItIs()
    {
        var writer = Linear("MatMul");
        writer.AddInside("layer.weight", OnnxWriter.Float32, [1], Bytes(42f));
        using var weights = OnnxWeights.Open(Files(writer), Name);
        weights.Read("layer.weight").Values.ShouldBe([42f]);
    }

    [Fact]
    public void Read_FusedGraph_NamesTheWeightAndTheRemedy()
    {
        using var weights = OnnxWeights.Open(Files(Linear("FusedMatMul")), Name);
        weights.Contains("layer.weight").ShouldBeFalse();
        var message = Should.Throw<InvalidDataException>(() => weights.Read("layer.weight")).Message;
        message.ShouldContain("'layer.weight'");
        message.ShouldContain("plain export");
    }

    [Fact]
    public void Open_OneWeightForTwoLayers_NamesBoth()
    {
        var writer = Linear("MatMul");
        writer.AddInside("other.bias", OnnxWriter.Float32, [3], new byte[12]);
        writer.AddNode("Add", ["other.bias", "product"], "y2");
        Refusal(writer).ShouldContain("'layer.weight' and 'other.weight'");
    }

    [Fact]
    public void Open_TwoWeightsForOneLayer_NamesBoth()
    {
        var writer = Linear("MatMul");
        writer.AddInside("onnx::MatMul_2", OnnxWriter.Float32, [2, 3], new byte[24]);
        writer.AddNode("MatMul", ["x", "onnx::MatMul_2"], "product2");
        writer.AddNode("Add", ["layer.bias", "product2"], "y2");
        Refusal(writer).ShouldContain("'onnx::MatMul_1' and 'onnx::MatMul_2'");
    }

    [Fact]
    public void Read_RenamedWeightOfOneDimension_IsRefused()
    {
        var writer = new OnnxWriter();
        writer.AddInside("w", OnnxWriter.Float32, [3], new byte[12]);
        writer.AddInside("layer.bias", OnnxWriter.Float32, [3], new byte[12]);
        writer.AddNode("Gemm", ["x", "w", "layer.bias"], "y");
        Refusal(writer).ShouldContain("two dimensions");
    }

    [Fact]
    public void Open_TwoInitializersOnTheSameData_NamesBoth()
    {
        var writer = new OnnxWriter();
        writer.AddOutside("first", OnnxWriter.Float32, [2], "0", "8");
        writer.AddOutside("second", OnnxWriter.Float32, [1], "4", "4");
        var message = Should.Throw<InvalidDataException>(() => OnnxWeights.Open(Files(writer, data: new byte[8]), Name)).Message;
        message.ShouldContain("'first'");
        message.ShouldContain("'second'");
    }

    private static OnnxWriter Linear(string operation)
    {
        var writer = new OnnxWriter();
        writer.AddNode(operation, ["x", "onnx::MatMul_1"], "product");
        writer.AddNode("Add", ["layer.bias", "product"], "y");
        writer.AddInside("onnx::MatMul_1", OnnxWriter.Float32, [2, 3], Bytes(1f, 2f, 3f, 4f, 5f, 6f));
        writer.AddInside("layer.bias", OnnxWriter.Float32, [3], Bytes(0.5f, 0.25f, 0.125f));
        return writer;
    }

    private static string Refusal(OnnxWriter writer) =>
        Should.Throw<InvalidDataException>(() => ReadAll(Files(writer))).Message;

    private static OnnxWriter Small()
    {
        var writer = new OnnxWriter();
        writer.AddInside("inside", OnnxWriter.Float32, [2, 1], Bytes(1f, -2f));
        writer.AddOutside("outside", OnnxWriter.Float32, [3], Bytes(3f, 4f, 5f));
        var packed = new byte[32];
        (packed[0], packed[8], packed[16], packed[24]) = (0xF1, 0xE2, 0xD3, 0xC4);
        writer.AddOutside("q", OnnxWriter.UInt8, [2, 2, 8], packed);
        writer.AddOutside("scales", OnnxWriter.Float32, [4], Bytes(0.5f, 10f, -1f, 100f));
        writer.AddInt4Product("q", "scales", depth: 18, columns: 2, block: 16);
        return writer;
    }

    private static byte[] Bytes(params float[] values) => MemoryMarshal.AsBytes<float>(values).ToArray();

    private static MemoryModelFiles Files(OnnxWriter writer, byte[]? model = null, byte[]? data = null)
    {
        var files = new MemoryModelFiles();
        files.Files[Name] = model ?? writer.Model;
        files.Files["onnx/" + writer.ExternalFile] = data ?? writer.ExternalData;
        return files;
    }

    private static void ReadAll(MemoryModelFiles files, params string[] alsoRequired)
    {
        using var weights = OnnxWeights.Open(files, Name);
        foreach (var name in weights.Names.Concat(alsoRequired))
        {
            weights.Read(name);
        }
    }
}
