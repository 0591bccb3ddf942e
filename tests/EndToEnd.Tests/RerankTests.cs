using System.Text.Json;
using Grpc.Core;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.Protos.Search.V1;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>
/// The standalone platform on a multilingual encoder with prefixes and a reranker, both tiny and random
/// (tests/Transformers.Tests/Reference/encoders.py): what they find means nothing, what they compute PyTorch has computed too.
/// </summary>
public sealed class RerankTests : IDisposable
{
    private const string Encoder = "tiny-e5";
    private const string Reranker = "tiny-reranker";
    private const string Query = "a b";
    private const string Passage = "c d e";
    private static readonly TimeSpan Minutes = TimeSpan.FromSeconds(120);
    private static readonly string Reference = Path.Combine(AppContext.BaseDirectory, "Reference");
    private readonly TestFolder models = new();

    public RerankTests()
    {
        Copy("xlm-roberta-encoder", Encoder);
        Copy("xlm-roberta-reranker", Reranker);
    }

    public void Dispose() => models.Dispose();

    [Fact]
    public async Task Search_Reranked_IsInTheOrderOfPyTorchsLogits()
    {
        await using var platform = await StandalonePlatform.StartAsync(
            ("Embedding__ModelsDirectory", models.Path), ("Embedding__Model", Encoder), ("Embedding__PullOnStart", "false"));
        using var gateway = platform.Connect();
        string[] texts = [Passage, "x y z", "b c", "a b c d e f g", "q r s"];
        foreach (var text in texts)
        {
            await gateway.PutAsync("docs", text.Replace(' ', '-'), text);
        }

        await gateway.WaitForIndexedAsync("docs", texts.Length, Minutes);

        var plain = await SearchAsync(gateway, new SearchSettings());
        var reranked = await SearchAsync(gateway, new SearchSettings { RerankModel = Reranker, Explain = true });

        plain.Hits.Count.ShouldBe(texts.Length);
        reranked.Hits.Select(hit => hit.ChunkId).ShouldBe(plain.Hits.Select(hit => hit.ChunkId), ignoreOrder: true);
        reranked.Hits.Select(hit => hit.Explanation.Rerank.Logit).ShouldBeInOrder(SortDirection.Descending);
        reranked.Hits.ShouldAllBe(hit => Math.Abs(hit.Score - (1 / (1 + Math.Exp(-hit.Explanation.Rerank.Logit)))) < 1e-9);
        reranked.Hits.Single(hit => hit.Text == Passage).Explanation.Rerank.Logit.ShouldBe(ExpectedLogit(), 5e-6);
        reranked.Timings.Single(timing => timing.Part == "reranking").Milliseconds.ShouldBePositive();

        var failure = await Should.ThrowAsync<RpcException>(() => SearchAsync(gateway, new SearchSettings { RerankModel = Encoder }));
        (failure.StatusCode, failure.Status.Detail).ShouldBe((StatusCode.FailedPrecondition, $"model: '{Encoder}' is of kind encoder; it reranks nothing."));
    }

    private static async Task<SearchResponse> SearchAsync(Gateway gateway, SearchSettings settings) =>
        await gateway.Client.SearchAsync(new SearchRequest { Collection = "docs", Query = Query, Settings = settings }, gateway.Headers).ResponseAsync.WithTimeout("the search");

    private static double ExpectedLogit()
    {
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Reference, "xlm-roberta-reranker", "expected.json")));
        return expected.RootElement.EnumerateArray()
            .Single(pair => pair.GetProperty("query").GetString() == Query && pair.GetProperty("passage").GetString() == Passage).GetProperty("logit").GetDouble();
    }

    private void Copy(string model, string name)
    {
        var folder = Directory.CreateDirectory(models.File(name)).FullName;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Reference, model)))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }
    }
}
