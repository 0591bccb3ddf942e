using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Retrieval.Storage.QdrantStore;
using RagPlatform.Retrieval.Tests.Storage.QdrantServer;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

public sealed class QdrantOptionsTests
{
    [Theory]
    [InlineData("Endpoint=http://other:6333;Key=k1", "http://other:6333", "k1")]
    [InlineData("Endpoint=https://other", "https://other", "set")]
    [InlineData("endpoint=http://other:1;key=\"with;semicolon\"", "http://other:1", "with;semicolon")]
    [InlineData("http://other:6333", "http://other:6333", "set")]
    [InlineData("", "http://set:1", "set")]
    public void ConnectionString_Given_TakesPrecedence(string connection, string url, string key)
    {
        var options = Read(("ConnectionStrings:qdrant", connection), ("Retrieval:Qdrant:Url", "http://set:1"), ("Retrieval:Qdrant:ApiKey", "set"));

        (options.Url, options.ApiKey).ShouldBe((url, key));
    }

    [Fact]
    public void ConnectionString_RestEndpointOfAspire_WinsOverGrpcEndpoint() =>
        Read(("ConnectionStrings:qdrant", "Endpoint=http://host:6334;Key=k"), ("ConnectionStrings:qdrant_http", "Endpoint=http://host:6333;Key=k")).Url.ShouldBe("http://host:6333");

    [Theory]
    [InlineData("Retrieval:Qdrant:Url", "localhost:6333", "Retrieval:Qdrant:Url")]
    [InlineData("Retrieval:Qdrant:Url", "ftp://localhost", "http")]
    [InlineData("ConnectionStrings:qdrant", "Endpoint=;Key=x", "ConnectionStrings:qdrant")]
    [InlineData("ConnectionStrings:qdrant", "nonsense", "ConnectionStrings:qdrant")]
    [InlineData("Retrieval:Qdrant:ApiKey", "two\nlines", "ApiKey")]
    [InlineData("Retrieval:Qdrant:TimeoutSeconds", "0", "TimeoutSeconds")]
    [InlineData("Retrieval:Qdrant:UpsertBatchChunks", "1001", "UpsertBatchChunks")]
    [InlineData("Retrieval:Qdrant:WriteConsistencyFactor", "2", "ReplicationFactor")]
    [InlineData("Retrieval:Qdrant:ShardNumber", "0", "ShardNumber")]
    [InlineData("Retrieval:Qdrant:CollectionPrefix", "a.b", "CollectionPrefix")]
    [InlineData("Retrieval:Qdrant:CollectionPrefix", "", "CollectionPrefix")]
    public void Options_OutOfRange_AreRefusedByName(string key, string value, string named) =>
        Should.Throw<OptionsValidationException>(() => Read((key, value))).Message.ShouldContain(named);

    [Theory]
    [InlineData("None", null)]
    [InlineData("scalar", """{"scalar":{"type":"int8","quantile":0.99,"always_ram":true}}""")]
    [InlineData("binary", """{"binary":{"always_ram":true}}""")]
    public async Task Create_Settings_ReachTheServer(string quantization, string? expected)
    {
        await using var server = await StrictQdrantServer.StartAsync();
        using var store = QdrantStores.Create(
            server.Address, ("Quantization", quantization), ("OnDisk", "true"), ("ShardNumber", "3"), ("ReplicationFactor", "2"), ("WriteConsistencyFactor", "2"));
        await store.OpenAsync(default).WithTimeout("opening");

        await store.CreateAsync(new IndexKey(CollectionKey.Require("acme", "docs"), 12), new IndexSettings("model", 384), default).WithTimeout("creating");

        var body = JsonDocument.Parse(server.Requests.Single(request => request.Request == "PUT /collections/rag.acme.docs.12").Body).RootElement;
        var dense = body.GetProperty("vectors").GetProperty("dense");
        (dense.GetProperty("size").GetInt32(), dense.GetProperty("distance").GetString(), dense.GetProperty("on_disk").GetBoolean()).ShouldBe((384, "Dot", true));
        (dense.TryGetProperty("quantization_config", out var config) ? config.GetRawText() : null).ShouldBe(expected);
        body.GetProperty("sparse_vectors").GetProperty("lexical").GetProperty("modifier").GetString().ShouldBe("idf");
        string[] factors = ["shard_number", "replication_factor", "write_consistency_factor"];
        string.Join(' ', factors.Select(factor => body.GetProperty(factor).GetInt32().ToString(CultureInfo.InvariantCulture))).ShouldBe("3 2 2");
        server.Requests.ShouldContain(request => request.Body == """{"field_name":"tenant","field_schema":{"type":"keyword","is_tenant":true}}""");
    }

    [Fact]
    public async Task Stores_OfOtherPrefixes_DoNotMeet()
    {
        await using var server = await StrictQdrantServer.StartAsync();
        var index = new IndexKey(CollectionKey.Require("acme", "docs"), 1);
        using var first = QdrantStores.Create(server.Address, ("CollectionPrefix", "blue"));
        using var second = QdrantStores.Create(server.Address, ("CollectionPrefix", "green"));
        await first.OpenAsync(default).WithTimeout("opening");
        await first.CreateAsync(index, new IndexSettings("model", 4), default).WithTimeout("creating");

        await second.OpenAsync(default).WithTimeout("opening");
        await second.DropAsync(index, default).WithTimeout("dropping");

        (await second.ListAsync(default)).ShouldBeEmpty();
        server.CountPoints("blue.acme.docs.1").ShouldBe(1);
    }

    [Theory]
    [InlineData("rag.acme.docs.1", true)]
    [InlineData("rag.a_b.c-d.12", true)]
    [InlineData("rag.acme.docs", false)]
    [InlineData("rag.acme.docs.x", false)]
    [InlineData("rag.acme.docs.-1", false)]
    [InlineData("rag.ACME.docs.1", false)]
    [InlineData("rag..docs.1", false)]
    [InlineData("other.acme.docs.1", false)]
    [InlineData("somebody's", false)]
    public void IndexName_OfServersCollection_IsOursOrNot(string name, bool isOurs)
    {
        var names = new QdrantIndexName("rag");
        var key = names.Parse(name);

        (key is not null).ShouldBe(isOurs);
        (key is null ? name : names.Of(key)).ShouldBe(name);
    }

    private static QdrantOptions Read(params (string Key, string Value)[] settings)
    {
        using var services = QdrantStores.Services(settings);
        return services.GetRequiredService<IOptions<QdrantOptions>>().Value;
    }
}
