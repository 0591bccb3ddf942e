using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.Transformers.Tests.TinyModels;
using RagPlatform.Transformers.Weights;

namespace RagPlatform.Transformers.Tests.Weights;

public sealed class ShardedSafetensorsTests
{
    private const string Index = "model.safetensors.index.json";
    private const string First = "model-00001-of-00002.safetensors";
    private const string Second = "model-00002-of-00002.safetensors";

    [Fact]
    public void Read_FromEveryShard_GivesTheValues()
    {
        using var weights = ShardedSafetensors.Open(Files(), Index);
        weights.Names.ShouldBe(["a", "b", "c"], ignoreOrder: true);
        weights.Read("a").Values.ShouldBe([1f]);
        weights.Read("c").Values.ShouldBe([3f, 4f]);
        weights.Contains("d").ShouldBeFalse();
        Should.Throw<InvalidDataException>(() => weights.Read("d")).Message.ShouldContain("'d'");
    }

    [Fact]
    public void Open_InAFolder_FindsShardsBesideTheIndex()
    {
        var files = new MemoryModelFiles();
        foreach (var (name, bytes) in Files().Files)
        {
            files.Files["decoder/" + name] = bytes;
        }
        using var weights = ShardedSafetensors.Open(files, "decoder/" + Index);
        weights.Read("b").Values.ShouldBe([2f]);
    }

    [Fact]
    public void Open_ShardMissing_NamesIt()
    {
        var files = Files();
        files.Files.Remove(Second);
        Should.Throw<FileNotFoundException>(() => ShardedSafetensors.Open(files, Index)).Message.ShouldContain(Second);
    }

    [Fact]
    public void Open_ShardDamaged_NamesItAndClosesTheOthers()
    {
        var files = new ClosingFiles(Files());
        files.Inner.Files[Second] = [1, 2, 3];
        Should.Throw<InvalidDataException>(() => ShardedSafetensors.Open(files, Index)).Message.ShouldContain(Second);
        files.Opened.ShouldAllBe(stream => !stream.CanRead);
    }

    [Fact]
    public void Open_TensorNotInItsShard_NamesBoth()
    {
        var message = Refusal(map => map["missing"] = First);
        message.ShouldContain(First);
        message.ShouldContain("missing");
    }

    [Fact]
    public void Open_TensorThatNoEntryMaps_NamesIt() => Refusal(map => map.Remove("b")).ShouldContain($"does not have there: b");

    [Fact]
    public void Open_TensorInTwoShards_NamesBoth()
    {
        var files = Files();
        files.Files[Second] = SafetensorsBytes.Write([("c", [2], [3f, 4f]), ("a", [1], [9f])]);
        Should.Throw<InvalidDataException>(() => ShardedSafetensors.Open(files, Index)).Message.ShouldContain($"a (mapped to {First})");
    }

    [Theory]
    [InlineData("../x.safetensors")]
    [InlineData("/etc/passwd")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("c:x")]
    [InlineData("..")]
    [InlineData("")]
    public void Open_ShardElsewhere_IsRefused(string shard) => Refusal(map => map["a"] = shard).ShouldContain("plain file name");

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"weight_map":[]}""")]
    [InlineData("""{"weight_map":{"a":1}}""")]
    [InlineData("""{"weight_map":{"a":null}}""")]
    [InlineData("""{"weight_map":{"a":"x","a":"y"}}""")]
    [InlineData("""[[[[[[[[[[[[]]]]]]]]]]]]""")]
    public void Open_IndexOfAnotherShape_IsRefusedByName(string index)
    {
        var files = Files();
        files.Files[Index] = Encoding.UTF8.GetBytes(index);
        Should.Throw<InvalidDataException>(() => ShardedSafetensors.Open(files, Index)).Message.ShouldContain(Index);
    }

    [Fact]
    public void Open_TooManyShards_IsRefused() => Refusal(map =>
    {
        for (var shard = 0; shard <= ShardIndex.MaxShards; shard++)
        {
            map[$"tensor{shard}"] = $"shard{shard}";
        }
    }).ShouldContain("limit");

    private static string Refusal(Action<JsonObject> change)
    {
        var files = Files();
        var index = JsonNode.Parse(files.Files[Index])!.AsObject();
        change(index["weight_map"]!.AsObject());
        files.Files[Index] = Encoding.UTF8.GetBytes(index.ToJsonString());
        return Should.Throw<InvalidDataException>(() => ShardedSafetensors.Open(files, Index)).Message;
    }

    private static MemoryModelFiles Files()
    {
        var files = new MemoryModelFiles();
        files.Files[First] = SafetensorsBytes.Write([("a", [1], [1f]), ("b", [1], [2f])]);
        files.Files[Second] = SafetensorsBytes.Write([("c", [2], [3f, 4f])]);
        files.Files[Index] = Encoding.UTF8.GetBytes(
            $$$"""{"metadata":{"total_size":16},"weight_map":{"a":"{{{First}}}","b":"{{{First}}}","c":"{{{Second}}}"}}""");
        return files;
    }

    private sealed class ClosingFiles(MemoryModelFiles inner) : IModelFiles
    {
        public MemoryModelFiles Inner => inner;

        public List<Stream> Opened { get; } = [];

        public bool Exists(string name) => inner.Exists(name);

        public Stream Open(string name)
        {
            Opened.Add(inner.Open(name));
            return Opened[^1];
        }
    }
}
