using System.Runtime.InteropServices;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Weights;

public sealed class SafetensorsFileTests
{
    private static readonly float[] Values = [0f, 1f, -2.5f, 0.15625f, 65504f, -0.0078125f];

    private static readonly byte[] Small = SafetensorsBytes.Write(
        ("a", "F32", [2, 3], MemoryMarshal.AsBytes<float>(Values).ToArray()),
        ("b", "F16", [6], [.. Values.SelectMany(value => BitConverter.GetBytes((Half)value))]),
        ("c", "BF16", [3, 2], [.. Values.SelectMany(value => BitConverter.GetBytes((ushort)(BitConverter.SingleToInt32Bits(value) >> 16)))]),
        ("ids", "I64", [1], new byte[8]),
        ("none", "F32", [0, 4], []));

    [Theory]
    [InlineData("a", 0f)]
    [InlineData("b", 0f)]
    [InlineData("c", 0.01f)]
    public void Read_EveryFloatingType_GivesTheValues(string name, float relativeError)
    {
        using var file = SafetensorsFile.Open(new MemoryStream(Small));
        var tensor = file.Read(name);
        tensor.Name.ShouldBe(name);
        tensor.Values.Length.ShouldBe(Values.Length);
        for (var i = 0; i < Values.Length; i++)
        {
            tensor.Values[i].ShouldBe(Values[i], 1e-9f + Math.Abs(Values[i]) * relativeError);
        }
    }

    [Fact]
    public void Read_ManyHalves_GivesAllOfThem()
    {
        Half[] halves = [.. Enumerable.Range(0, 100_001).Select(i => (Half)(i % 1000))];
        using var file = SafetensorsFile.Open(new MemoryStream(SafetensorsBytes.Write(
            ("a", "F16", [halves.Length], MemoryMarshal.AsBytes<Half>(halves).ToArray()))));
        file.Read("a").Values.ShouldBe(halves.Select(half => (float)half).ToArray());
    }

    [Fact]
    public void Read_EmptyTensor_IsEmpty()
    {
        using var file = SafetensorsFile.Open(new MemoryStream(Small));
        file.Read("none").Values.ShouldBeEmpty();
        file.Names.ShouldBe(["a", "b", "c", "ids", "none"], ignoreOrder: true);
    }

    [Fact]
    public void Read_AbsentTensor_NamesIt()
    {
        using var file = SafetensorsFile.Open(new MemoryStream(Small));
        Should.Throw<InvalidDataException>(() => file.Read("zz")).Message.ShouldContain("'zz'");
    }

    [Fact]
    public void Read_WholeNumbers_NamesTheType()
    {
        using var file = SafetensorsFile.Open(new MemoryStream(Small));
        Should.Throw<InvalidDataException>(() => file.Read("ids")).Message.ShouldContain("I64");
    }

    [Fact]
    public void Open_CutAnywhere_IsRefused() => DamagedFiles.RefusesEveryPrefix(Small, ReadAll);

    [Fact]
    public void Open_BytesChanged_IsReadOrRefused() => DamagedFiles.SurvivesFlips(Small, seed: 1, rounds: 2000, ReadAll);

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[9999999999,9999999999],"data_offsets":[0,8]}}""", "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,8]}}""", "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1,2],"data_offsets":[0,8]}}""", "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[500000000],"data_offsets":[0,2000000000]}}""", "8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", "8, 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[-8,0]}}""", "-8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", "'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", "needs 12")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":7,"shape":[2],"data_offsets":[0,8]}}""", "JSON")]
    [InlineData("""{"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},"a":{"dtype":"I64","shape":[1],"data_offsets":[0,8]}}""", "twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "take 4 bytes; the data has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "'a' begins at byte 4")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "'b' begins at byte 0")]
    [InlineData("""[[[[[[[[[[[[]]]]]]]]]]]]""", "JSON")]
    [InlineData("""7""", "JSON")]
    [InlineData("", "JSON")]
    public void Open_HostileHeader_IsRefusedWithTheReason(string header, string reason) =>
        Should.Throw<InvalidDataException>(() => ReadAll(SafetensorsBytes.WithHeader(header, new byte[8]))).Message.ShouldContain(reason);

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(-1L)]
    [InlineData(100_000_001L)]
    public void Open_HeaderLengthBeyondTheFile_IsRefusedBeforeAllocating(long length) =>
        Should.Throw<InvalidDataException>(() => ReadAll([.. BitConverter.GetBytes(length), .. "{}"u8]));

    [Fact]
    public void Open_Refused_DisposesTheStream()
    {
        var stream = new MemoryStream([1, 2, 3]);
        Should.Throw<InvalidDataException>(() => SafetensorsFile.Open(stream));
        stream.CanRead.ShouldBeFalse();
    }

    private static void ReadAll(byte[] bytes)
    {
        using var file = SafetensorsFile.Open(new MemoryStream(bytes));
        foreach (var name in file.Names.Where(name => name != "ids"))
        {
            file.Read(name);
        }
    }
}
