using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Features;

/// <summary>Rerankers and tokenizers of other encoders, over gRPC.</summary>
public sealed class RerankTests : IAsyncLifetime, IDisposable
{
    private const string Prefixed = "prefixed";
    private readonly TestFolder folder = new();
    private TestServer server = null!;
    private EmbeddingService.EmbeddingServiceClient client = null!;

    public async Task InitializeAsync()
    {
        ReferenceModels.Write(folder.Path, ReferenceModels.Encoder);
        ReferenceModels.Write(folder.Path, ReferenceModels.Encoder, Prefixed);
        await File.WriteAllTextAsync(Path.Combine(folder.File(Prefixed), "config_sentence_transformers.json"), """{"prompts":{"query":"q ","passage":"p s "}}""");
        ReferenceModels.Write(folder.Path, ReferenceModels.Reranker);
        ReferenceModels.Write(folder.Path, ReferenceModels.Multilingual);
        // As large as real ones are: beyond one message.
        await File.AppendAllTextAsync(Path.Combine(folder.File(ReferenceModels.Multilingual), "tokenizer.json"), new string(' ', 5_000_000));
        server = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                [
                    new("Embedding:ModelsDirectory", folder.Path),
                    new("Data:Directory", folder.File("data")),
                    new("Embedding:Model", ReferenceModels.Encoder),
                    new("Embedding:PullOnStart", "false"),
                    new("Embedding:MaxLoadedModels", "4"),
                    new("Embedding:QueueCapacityTokens", "4096"),
                ]);
                builder.AddEmbedding();
            },
            app => app.MapEmbedding());
        client = new EmbeddingService.EmbeddingServiceClient(server.Channel);
        foreach (var model in (string[])[ReferenceModels.Encoder, ReferenceModels.Reranker, ReferenceModels.Multilingual, Prefixed])
        {
            await server.Services.GetRequiredService<ModelHost>().WaitAsync(model, CancellationToken.None).WithTimeout(model);
        }
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Rerank_PairsOfTheReference_HavePyTorchsLogits()
    {
        // Empty texts are refused here; the engine's tests have them.
        foreach (var expected in ReferenceModels.Expected<ExpectedScore>(ReferenceModels.Reranker).Where(pair => pair.Query.Length > 0 && pair.Passage.Length > 0))
        {
            var response = await RerankAsync(expected.Query, new Passage { Text = expected.Passage });

            var score = response.Scores.ShouldHaveSingleItem();
            score.Logit.ShouldBe(expected.Logit, 5e-6, expected.Query);
            score.Probability.ShouldBe(1 / (1 + Math.Exp(-score.Logit)), 1e-9);
            (score.Tokens, score.UnseenQueryTokens, score.UnseenPassageTokens).ShouldBe((expected.Ids.Length, expected.UnseenQuery, expected.UnseenPassage));
            response.Model.ShouldBe(ReferenceModels.Reranker);
            response.ModelMilliseconds.ShouldBePositive();
        }
    }

    [Fact]
    public async Task Rerank_TitleAndHeadings_AreReadWhereThereIsRoom()
    {
        var full = string.Join(' ', Enumerable.Repeat("a", 29));

        var response = await RerankAsync(
            "q r", new Passage { Title = "t", HeadingPath = { "h" }, Text = "a b" }, new Passage { Text = "t\nh\na b" },
            new Passage { Title = "t", Text = full }, new Passage { Text = full });

        response.Scores[0].Logit.ShouldBe(response.Scores[1].Logit);
        response.Scores[2].ShouldBe(response.Scores[3]);
        response.Scores[2].UnseenPassageTokens.ShouldBe(0);
    }

    [Fact]
    public async Task Rerank_MostPassages_AreScoredInTheirOrder()
    {
        var passages = Enumerable.Range(0, 256).Select(i => new Passage { Text = i % 2 == 0 ? "a b" : "c" }).ToArray();

        var logits = (await RerankAsync("q", passages)).Scores.Select(score => score.Logit).ToList();

        logits.Where((_, i) => i % 2 == 0).ShouldAllBe(logit => logit == logits[0]);
        logits.Where((_, i) => i % 2 == 1).ShouldAllBe(logit => logit == logits[1]);
        logits[1].ShouldNotBe(logits[0]);
    }

    [Theory]
    [InlineData("", "q", 1, 1, "MODEL_EMPTY", "model")]
    [InlineData(ReferenceModels.Reranker, "", 1, 1, "TEXT_LENGTH", "query")]
    [InlineData(ReferenceModels.Reranker, "q", 0, 1, "TEXTS_COUNT", "passages")]
    [InlineData(ReferenceModels.Reranker, "q", 257, 1, "TEXTS_COUNT", "passages")]
    [InlineData(ReferenceModels.Reranker, "q", 2, 0, "TEXT_LENGTH", "passages[0].text")]
    [InlineData(ReferenceModels.Reranker, "q", 2, 32_769, "TEXT_LENGTH", "passages[0].text")]
    [InlineData("nowhere", "q", 1, 1, "MODEL_UNKNOWN", "model")]
    [InlineData(ReferenceModels.Encoder, "q", 1, 1, "MODEL_KIND", "model")]
    public async Task Rerank_BadRequest_IsRefusedByField(string model, string query, int passages, int characters, string code, string field)
    {
        var request = new RerankRequest { Model = model, Query = query, Passages = { Enumerable.Repeat(new Passage { Text = new string('a', characters) }, passages) } };

        var failure = await RefusedAsync(() => client.RerankAsync(request).ResponseAsync);

        (failure.Code, failure.Field).ShouldBe((code, field));
    }

    [Fact]
    public async Task Rerank_MoreTokensThanMayWait_IsRefused()
    {
        var passages = Enumerable.Repeat(new Passage { Text = string.Join(' ', Enumerable.Repeat("a", 20)) }, 256);

        var failure = await RefusedAsync(() => client.RerankAsync(new RerankRequest { Model = ReferenceModels.Reranker, Query = "q", Passages = { passages } }).ResponseAsync);

        failure.Code.ShouldBe("BATCH_TOO_LARGE");
    }

    [Fact]
    public async Task Rerank_Cancelled_EndsTheCall()
    {
        using var cancellation = new CancellationTokenSource();
        await cancellation.CancelAsync();
        var exception = await Should.ThrowAsync<RpcException>(
            () => client.RerankAsync(new RerankRequest { Model = ReferenceModels.Reranker, Query = "q", Passages = { new Passage { Text = "a" } } }, cancellationToken: cancellation.Token).ResponseAsync);
        exception.StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    [Fact]
    public async Task Embed_Reranker_IsRefusedByKind()
    {
        var failure = await RefusedAsync(() => client.EmbedAsync(new EmbedRequest { Model = ReferenceModels.Reranker, Kind = EmbedKind.Query, Texts = { "a" } }).ResponseAsync);
        (failure.Code, failure.Field).ShouldBe(("MODEL_KIND", "model"));
        failure.Message.ShouldContain("reranker");
    }

    [Fact]
    public async Task Embed_ModelWithPrefixes_ReadsThemByKind()
    {
        var query = await EmbedAsync(Prefixed, EmbedKind.Query);
        var passage = await EmbedAsync(Prefixed, EmbedKind.Passage);

        (await EmbedAsync(ReferenceModels.Encoder, EmbedKind.Passage)).Tokens.ShouldBe(4);
        (query.Tokens, passage.Tokens).ShouldBe((5, 6));
        query.Vector.ShouldNotBe(passage.Vector);
    }

    [Theory]
    [InlineData(ReferenceModels.Encoder, 0)]
    [InlineData(Prefixed, 2)]
    public async Task GetTokenizer_Encoder_TellsWhatItsPrefixTakes(string model, int prefixTokens)
    {
        var tokenizer = await client.GetTokenizerAsync(new GetTokenizerRequest { Model = model }).ResponseAsync.WithTimeout("GetTokenizer");

        (tokenizer.Kind, tokenizer.PassagePrefixTokens, tokenizer.MaxTokens).ShouldBe(("wordpiece", prefixTokens, 34));
        tokenizer.Vocabulary.ToByteArray().ShouldBe(ReferenceModels.Read(ReferenceModels.Encoder, "vocab.txt"));
        (await ReadTokenizerAsync(model)).ShouldBe(tokenizer.Vocabulary.ToByteArray());
    }

    [Fact]
    public async Task ReadTokenizer_BeyondOneMessage_IsTheFileInParts()
    {
        var tokenizer = await client.GetTokenizerAsync(new GetTokenizerRequest { Model = ReferenceModels.Multilingual }).ResponseAsync.WithTimeout("GetTokenizer");
        var file = await ReadTokenizerAsync(ReferenceModels.Multilingual);

        (tokenizer.Kind, tokenizer.Vocabulary.Length, tokenizer.MaxTokens).ShouldBe(("json", 0, 32));
        file.Length.ShouldBeGreaterThan(5_000_000);
        var written = await File.ReadAllBytesAsync(Path.Combine(folder.File(ReferenceModels.Multilingual), "tokenizer.json"));
        file.SequenceEqual(written).ShouldBeTrue();
    }

    [Fact]
    public async Task GetTokenizer_Reranker_IsRefusedByKind() =>
        (await RefusedAsync(() => client.GetTokenizerAsync(new GetTokenizerRequest { Model = ReferenceModels.Reranker }).ResponseAsync)).Code.ShouldBe("MODEL_KIND");

    private async Task<byte[]> ReadTokenizerAsync(string model)
    {
        using var call = client.ReadTokenizer(new ReadTokenizerRequest { Model = model });
        var parts = await call.ResponseStream.ReadAllAsync().ToListAsync().AsTask().WithTimeout("ReadTokenizer");
        return [.. parts.SelectMany(part => part.Part)];
    }

    private async Task<Protos.Embedding.V1.Embedding> EmbedAsync(string model, EmbedKind kind) =>
        (await client.EmbedAsync(new EmbedRequest { Model = model, Kind = kind, Texts = { "a b" } }).ResponseAsync.WithTimeout("Embed")).Embeddings.Single();

    private Task<RerankResponse> RerankAsync(string query, params Passage[] passages) =>
        client.RerankAsync(new RerankRequest { Model = ReferenceModels.Reranker, Query = query, Passages = { passages } }).ResponseAsync.WithTimeout("Rerank");

    private static async Task<ServiceException> RefusedAsync<T>(Func<Task<T>> call) =>
        FailureStatus.FromRpcException(await Should.ThrowAsync<RpcException>(() => call().WithTimeout("the refusal"))).ShouldNotBeNull();

    private sealed record ExpectedScore(string Query, string Passage, int[] Ids, int UnseenQuery, int UnseenPassage, double Logit);
}
