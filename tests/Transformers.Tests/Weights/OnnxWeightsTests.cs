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
