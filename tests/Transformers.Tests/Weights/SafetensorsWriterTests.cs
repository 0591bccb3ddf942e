using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.Numerics;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Weights;

public sealed class SafetensorsWriterTests
{
    private static readonly TensorLayout[] Layout =
    [
        new("half", ElementType.Float16, [3]),
        new("brain", ElementType.BFloat16, [1, 3]),
        new("single", ElementType.Float32, [3, 1]),
        new("none", ElementType.Float32, [0, 7]),
        new("scalar", ElementType.Float32, []),
    ];

    [Fact]
    public void Append_InPiecesAndAnyOrder_ReadsBackEveryType()
    {
        using var stream = new MemoryStream();
        var writer = new SafetensorsWriter(stream, Layout, new Dictionary<string, string> { ["format"] = "pt" });
        writer.Append("single", [1f, 2f]);
        writer.Append("brain", [1f, -0.5f, 1024f]);
        writer.Append("scalar", [7f]);
        writer.Append("half", [0.25f]);
        writer.Append("half", [-2f, 65504f]);
        writer.Append("single", [float.NaN]);
        writer.Complete();

        stream.Position.ShouldBe(stream.Length);
        using var file = SafetensorsFile.Open(stream);
        file.Names.ShouldBe(Layout.Select(tensor => tensor.Name), ignoreOrder: true);
        file.Read("single").Values.ShouldBe([1f, 2f, float.NaN]);
        file.Read("single").Shape.ShouldBe([3, 1]);
        file.Read("half").Values.ShouldBe([0.25f, -2f, 65504f]);
        file.Read("brain").Values.ShouldBe([1f, -0.5f, 1024f]);
        file.Read("scalar").Values.ShouldBe([7f]);
        file.Read("none").Values.ShouldBeEmpty();
    }

    [Fact]
    public void Write_OddHalves_LeavesEveryTensorAligned()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [new Tensor("a", [1], [1f])], ElementType.Float16);
        stream.SetLength(0);
        _ = new SafetensorsWriter(stream, Layout);

        var bytes = stream.ToArray();
        var length = (int)BitConverter.ToInt64(bytes);
        (length % 8).ShouldBe(0);
        var head = JsonNode.Parse(Encoding.UTF8.GetString(bytes, 8, length))!.AsObject();
        head.ContainsKey("__metadata__").ShouldBeFalse();
        foreach (var tensor in Layout)
        {
            var start = head[tensor.Name]!["data_offsets"]![0]!.GetValue<long>();
            (start % (tensor.Type == ElementType.Float32 ? 4 : 2)).ShouldBe(0, tensor.Name);
        }
    }

    [Theory]
    [InlineData(ElementType.Float16, 1.00048828125f, 1f)]
    [InlineData(ElementType.Float16, 1.00146484375f, 1.001953125f)]
    [InlineData(ElementType.Float16, float.PositiveInfinity, float.PositiveInfinity)]
    [InlineData(ElementType.BFloat16, 1.00390625f, 1f)]
    [InlineData(ElementType.BFloat16, 1.01171875f, 1.015625f)]
    [InlineData(ElementType.BFloat16, float.NegativeInfinity, float.NegativeInfinity)]
    [InlineData(ElementType.BFloat16, float.NaN, float.NaN)]
    public void Append_BetweenTwoValues_RoundsToTheNearestEven(ElementType type, float value, float stored)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [new Tensor("a", [1], [value])], type);
        SafetensorsFile.Open(stream).Read("a").Values.ShouldBe([stored]);
    }

    [Theory]
    [InlineData(ElementType.Float16, 70_000f)]
    [InlineData(ElementType.BFloat16, float.MaxValue)]
    public void Append_BeyondTheType_NamesTensorAndRemedy(ElementType type, float value)
    {
        using var stream = new MemoryStream();
        var message = Should.Throw<ArgumentException>(() => SafetensorsWriter.Write(stream, [new Tensor("big", [1], [value])], type)).Message;
        message.ShouldContain("'big'");
        message.ShouldContain("Float32");
    }

    [Fact]
    public void Append_ManyHalves_ReadsBackAll()
    {
        float[] values = [.. Enumerable.Range(0, 100_001).Select(i => (float)(i % 2000))];
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [new Tensor("a", [values.Length], values)], ElementType.Float16);
        SafetensorsFile.Open(stream).Read("a").Values.ShouldBe(values);
    }

    [Fact]
    public void Append_TooManyValues_IsRefused()
    {
        using var stream = new MemoryStream();
        var writer = new SafetensorsWriter(stream, Layout);
        writer.Append("half", [1f, 2f]);
        Should.Throw<ArgumentException>(() => writer.Append("half", [3f, 4f])).Message.ShouldContain("'half' has 3 values; 2 are written");
        Should.Throw<ArgumentException>(() => writer.Append("other", [1f])).Message.ShouldContain("'other'");
    }

    [Fact]
    public void Complete_ValuesMissing_NamesTheTensor()
    {
        using var stream = new MemoryStream();
        var writer = new SafetensorsWriter(stream, [new("a", ElementType.Float32, [2])]);
        writer.Append("a", [1f]);
        Should.Throw<InvalidOperationException>(writer.Complete).Message.ShouldContain("'a' has 2 values; only 1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("__metadata__")]
    public void Constructor_NameNotToBeHad_IsRefused(string name) =>
        Should.Throw<ArgumentException>(() => new SafetensorsWriter(new MemoryStream(), [new(name, ElementType.Float32, [1])]));

    [Fact]
    public void Constructor_NameTwice_IsRefused() => Should.Throw<ArgumentException>(() => new SafetensorsWriter(
        new MemoryStream(), [new("a", ElementType.Float32, [1]), new("a", ElementType.Float16, [1])])).Message.ShouldContain("'a'");

    [Fact]
    public void Constructor_ImpossibleShape_IsRefused() => Should.Throw<ArgumentException>(() => new SafetensorsWriter(
        new MemoryStream(), [new("a", ElementType.Float32, [int.MaxValue, 2])])).Message.ShouldContain("shape");
}
