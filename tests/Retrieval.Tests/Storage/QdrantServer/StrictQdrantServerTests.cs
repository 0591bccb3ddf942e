using System.Net;
using System.Text;
using System.Text.Json;
using RagPlatform.TestKit;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantServer;

/// <summary>The server that stands for Qdrant refuses what Qdrant's documentation does not allow, in Qdrant's form, and scores as it documents.</summary>
public sealed class StrictQdrantServerTests : IAsyncLifetime
{
    private const string Id = "\"00000000-0000-8000-8000-000000000001\"";

    private readonly HttpClient _client = new();
    private StrictQdrantServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await StrictQdrantServer.StartAsync("key");
        _client.BaseAddress = _server.Address;
        _client.DefaultRequestHeaders.Add("api-key", "key");
        await OkAsync("PUT", "/collections/c", """{"vectors":{"dense":{"size":2,"distance":"Dot"}},"sparse_vectors":{"lexical":{"modifier":"idf"}}}""");
        await OkAsync("PUT", "/collections/c/index?wait=true", """{"field_name":"tag","field_schema":{"type":"keyword"}}""");
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("PUT", "/collections/c", """{"vectors":{},"sparse_vectors":{}}""", 409)]
    [InlineData("PUT", "/collections/d", """{"vectors":{"dense":{"size":2,"distance":"dot"}},"sparse_vectors":{}}""", 400)]
    [InlineData("PUT", "/collections/d", """{"vectors":{"dense":{"size":0,"distance":"Dot"}},"sparse_vectors":{}}""", 422)]
    [InlineData("PUT", "/collections/d", """{"vectors":{},"sparse_vectors":{},"shards":1}""", 400)]
    [InlineData("GET", "/collections/none", "", 404)]
    [InlineData("POST", "/collections/none/points/count", "{}", 404)]
    [InlineData("POST", "/collections/c/points/search", "{}", 405)]
    [InlineData("POST", "/collections/c/points/count?timeout=0", "{}", 400)]
    [InlineData("PUT", "/collections/c/points?wait=true&order=strong", """{"points":[]}""", 400)]
    [InlineData("PUT", "/collections/c/points", """{"points":[{"id":"x","vector":{},"payload":{}}]}""", 400)]
    [InlineData("PUT", "/collections/c/points", """{"points":[{"id":ID,"vector":{"dense":[1,2,3]},"payload":{}}]}""", 400)]
    [InlineData("PUT", "/collections/c/points", """{"points":[{"id":ID,"vector":{"other":[1,2]},"payload":{}}]}""", 400)]
    [InlineData("PUT", "/collections/c/points", """{"points":[{"id":ID,"vector":{"lexical":{"indices":[1,1],"values":[1,2]}},"payload":{}}]}""", 422)]
    [InlineData("PUT", "/collections/c/points", """{"points":[{"id":ID,"vector":{"lexical":{"indices":[1],"values":[1,2]}},"payload":{}}]}""", 422)]
    [InlineData("PUT", "/collections/c/points", """{"points":[{"id":ID,"vector":{"lexical":{"indices":[-1],"values":[1]}},"payload":{}}]}""", 400)]
    [InlineData("PUT", "/collections/c/points", """{"points":[{"id":ID,"vector":{}}]}""", 400)]
    [InlineData("POST", "/collections/c/points/delete", """{"points":[ID],"filter":{}}""", 400)]
    [InlineData("POST", "/collections/c/points/scroll", """{"limit":0}""", 422)]
    [InlineData("POST", "/collections/c/points/scroll", """{"filter":{"must":[{"key":"other","match":{"value":"x"}}]}}""", 400)]
    [InlineData("POST", "/collections/c/points/scroll", """{"filter":{"must":[{"key":"tag","range":{"gt":1}}]}}""", 400)]
    [InlineData("POST", "/collections/c/points/scroll", """{"filter":{"must":[{"key":"tag","match":{"value":"x"},"boost":2}]}}""", 400)]
    [InlineData("POST", "/collections/c/points/scroll", """{"filter":{"musst":[]}}""", 400)]
    [InlineData("POST", "/collections/c/points/scroll", """{"filter":{"must":[{"key":"a.b","match":{"value":"x"}}]}}""", 400)]
    [InlineData("POST", "/collections/c/points/query/batch", """{"searches":[{"query":[1,2],"limit":3}]}""", 400)]
    [InlineData("POST", "/collections/c/points/query/batch", """{"searches":[{"query":[1,2],"using":"other"}]}""", 400)]
    [InlineData("POST", "/collections/c/points/query/batch", """{"searches":[{"query":[1],"using":"dense"}]}""", 400)]
    [InlineData("POST", "/collections/c/points/query/batch", """{"searches":[{"query":[1,2],"using":"lexical"}]}""", 400)]
    [InlineData("POST", "/collections/c/points/query/batch", """{"searches":[{"query":[1,2],"using":"dense","params":{"ef":3}}]}""", 400)]
    [InlineData("POST", "/collections/c/facet", """{"key":"other"}""", 400)]
    public async Task Request_NotDocumented_IsRefusedInQdrantsForm(string method, string path, string body, int status)
    {
        using var response = await SendAsync(method, path, body.Replace("ID", Id, StringComparison.Ordinal));

        ((int)response.StatusCode).ShouldBe(status);
        using var refusal = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        refusal.RootElement.GetProperty("status").GetProperty("error").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Request_WithoutKey_IsRefused()
    {
        _client.DefaultRequestHeaders.Remove("api-key");

        using var response = await SendAsync("GET", "/collections", "");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Query_SparseVectors_AreScoredByInverseDocumentFrequency()
    {
        await OkAsync("PUT", "/collections/c/points", $$$"""
            {"points":[
              {"id":"00000000-0000-8000-8000-000000000001","vector":{"dense":[1,0],"lexical":{"indices":[7,8],"values":[2,1]}},"payload":{"tag":"a"}},
              {"id":"00000000-0000-8000-8000-000000000002","vector":{"lexical":{"indices":[8],"values":[3]}},"payload":{"tag":["b","c"]}},
              {"id":"00000000-0000-8000-8000-000000000003","vector":{},"payload":{}}]}
            """);

        var answer = await OkAsync("POST", "/collections/c/points/query/batch", """
            {"searches":[
              {"query":{"indices":[7,8,9],"values":[1,2,5]},"using":"lexical","limit":10},
              {"query":[0.5,1],"using":"dense","limit":10,"with_payload":["tag"]},
              {"query":{"indices":[8],"values":[1]},"using":"lexical","limit":10,"filter":{"must_not":[{"key":"tag","match":{"any":["c"]}}]}}]}
            """);

        // Two points have the vector; dimension 7 is in one of them, 8 in both: ln(1 + 1.5/1.5) and ln(1 + 0.5/2.5).
        var (seven, eight) = (Math.Log(2), Math.Log(1.2));
        Scores(answer[0]).ShouldBe([(1, (2 * seven) + (2 * eight)), (2, 6 * eight)], new ScoreTolerance());
        Scores(answer[1]).ShouldBe([(1, 0.5)], new ScoreTolerance());
        answer[1].GetProperty("points")[0].GetProperty("payload").GetRawText().ShouldBe("""{"tag":"a"}""");
        Scores(answer[2]).ShouldBe([(1, eight)], new ScoreTolerance());
    }

    [Fact]
    public async Task Scroll_Pages_HoldEachPointOnce()
    {
        await OkAsync("PUT", "/collections/c/points", $$"""{"points":[{{string.Join(',', Enumerable.Range(1, 7).Select(i => $$$"""{"id":"00000000-0000-8000-8000-00000000000{{{i}}}","vector":{},"payload":{}}"""))}}]}""");
        var (ids, offset) = (new List<string>(), "null");
        do
        {
            var page = await OkAsync("POST", "/collections/c/points/scroll", $$"""{"limit":3,"offset":{{offset}}}""");
            ids.AddRange(page.GetProperty("points").EnumerateArray().Select(point => point.GetProperty("id").GetString()!));
            offset = page.GetProperty("next_page_offset").GetRawText();
        }
        while (offset != "null");

        ids.Select(id => id[^1]).ShouldBe("1234567");
    }

    private static List<(int Id, double Score)> Scores(JsonElement answer) =>
        [.. answer.GetProperty("points").EnumerateArray().Select(point => (point.GetProperty("id").GetString()![^1] - '0', point.GetProperty("score").GetDouble()))];

    private async Task<JsonElement> OkAsync(string method, string path, string body)
    {
        using var response = await SendAsync(method, path, body);
        var text = await response.Content.ReadAsStringAsync();
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        using var json = JsonDocument.Parse(text);
        return json.RootElement.GetProperty("result").Clone();
    }

    private Task<HttpResponseMessage> SendAsync(string method, string path, string body) => _client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path)
    {
        Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json"),
    }).WithTimeout(path);

    private sealed class ScoreTolerance : IEqualityComparer<(int Id, double Score)>
    {
        public bool Equals((int Id, double Score) x, (int Id, double Score) y) => x.Id == y.Id && Math.Abs(x.Score - y.Score) < 1e-5;

        public int GetHashCode((int Id, double Score) obj) => obj.Id;
    }
}
