using System.Runtime.InteropServices;
using System.Text;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests;

public sealed class EmbeddingServiceTests : IAsyncLifetime, IDisposable
{
    private readonly TestFolder folder = new();
    private TestServer server = null!;
    private EmbeddingService.EmbeddingServiceClient client = null!;

    public async Task InitializeAsync()
    {
        TinyBert.Write(folder.File(TinyBert.Id));
        server = await StartAsync(folder.Path, TinyBert.Id);
        client = new EmbeddingService.EmbeddingServiceClient(server.Channel);
        await server.Services.GetRequiredService<ModelHost>().WaitAsync(TinyBert.Id, CancellationToken.None).WithTimeout("the model");
    }

    public Task DisposeAsync() => server.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Embed_Texts_UnitVectorsInOrderWithTokenCounts()
    {
        string[] texts = ["cat", "dog", "cats", "a b c d e f g h i j k l m"];

        var response = await EmbedAsync(EmbedKind.Passage, texts);

        response.Model.ShouldBe(TinyBert.Id);
        response.Dimension.ShouldBe(TinyBert.Dimension);
        response.Embeddings.Select(embedding => embedding.Tokens).ShouldBe([3, 3, 4, TinyBert.MaxTokens]);
        response.Embeddings.Select(embedding => embedding.UnseenTokens).ShouldBe([0, 0, 0, 13 - (TinyBert.MaxTokens - 2)]);
        foreach (var (text, vector) in texts.Zip(response.Embeddings.Select(Vector)))
        {
            vector.Length.ShouldBe(TinyBert.Dimension);
            vector.Sum(value => value * value).ShouldBe(1, 1e-5);
            Vector((await EmbedAsync(EmbedKind.Query, text)).Embeddings.Single()).ShouldBe(vector);
        }
    }

    [Fact]
    public async Task Embed_MostTexts_AreAllEmbedded()
    {
        var texts = Enumerable.Range(0, 256).Select(i => i % 2 == 0 ? "cat" : "dog").ToArray();

        var vectors = (await EmbedAsync(EmbedKind.Passage, texts)).Embeddings.Select(Vector).ToList();

        vectors.Where((_, i) => i % 2 == 0).ShouldAllBe(vector => vector.SequenceEqual(vectors[0]));
        vectors.Where((_, i) => i % 2 == 1).ShouldAllBe(vector => vector.SequenceEqual(vectors[1]));
        vectors[1].ShouldNotBe(vectors[0]);
    }

    [Fact]
    public async Task Embed_KindMissing_IsRefused() =>
        (await RefusedAsync(new EmbedRequest { Texts = { "cat" } })).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.InvalidArgument),
            failure => failure.Field.ShouldBe("kind"));

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public async Task Embed_WrongNumberOfTexts_IsRefusedWithTheLimit(int count) =>
        (await RefusedAsync(Request(EmbedKind.Query, [.. Enumerable.Repeat("a", count)]))).ShouldSatisfyAllConditions(
            failure => failure.Field.ShouldBe("texts"),
            failure => failure.Message.ShouldContain($"{count} texts; 1 to 256"));

    [Theory]
    [InlineData(0)]
    [InlineData(32_769)]
    public async Task Embed_TextEmptyOrTooLong_IsRefusedNamingIt(int length) =>
        (await RefusedAsync(Request(EmbedKind.Query, "cat", new string('a', length)))).ShouldSatisfyAllConditions(
            failure => failure.Field.ShouldBe("texts[1]"),
            failure => failure.Message.ShouldContain($"{length} characters; 1 to 32768"));

    [Fact]
    public async Task Embed_Passages_AreTheVectorsOfTitleHeadingsAndText()
    {
        var full = string.Join(' ', "abcdefghijklm".Take(TinyBert.MaxTokens - 2));
        var request = new EmbedRequest
        {
            Kind = EmbedKind.Passage,
            Passages = { new Passage { Title = "cat", HeadingPath = { "dog" }, Text = "a" }, new Passage { Text = "b" }, new Passage { Title = "cat", Text = full } },
        };

        var passages = await client.EmbedAsync(request).ResponseAsync.WithTimeout("Embed");

        var texts = await EmbedAsync(EmbedKind.Passage, "cat\ndog\na", "b", full);
        passages.Embeddings.ShouldBe(texts.Embeddings);
        passages.Usage.ShouldBe(new EmbedUsage { Tokens = passages.Embeddings.Sum(embedding => embedding.Tokens) });
        texts.Usage.ShouldBe(new EmbedUsage { CachedTexts = 3 });
    }

    [Fact]
    public async Task Embed_TextsAndPassages_IsRefused() =>
        (await RefusedAsync(new EmbedRequest { Kind = EmbedKind.Passage, Texts = { "cat" }, Passages = { new Passage { Text = "dog" } } })).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.InvalidArgument),
            failure => failure.Field.ShouldBe("passages"));

    [Fact]
    public async Task Embed_PassagesAsQueries_IsRefused() =>
        (await RefusedAsync(new EmbedRequest { Kind = EmbedKind.Query, Passages = { new Passage { Text = "dog" } } })).Field.ShouldBe("kind");

    [Theory]
    [InlineData(257, 1, 0, "passages", "257 texts; 1 to 256")]
    [InlineData(2, 0, 0, "passages[0].text", "0 characters; 1 to 32768")]
    [InlineData(2, 32_769, 0, "passages[0].text", "32769 characters")]
    [InlineData(2, 1, 65, "passages[0].heading_path", "65 headings; at most 64")]
    public async Task Embed_PassagesOutOfBounds_AreRefusedNamingThem(int count, int characters, int headings, string field, string named)
    {
        var passage = new Passage { Text = new string('a', characters), HeadingPath = { Enumerable.Repeat("h", headings) } };

        (await RefusedAsync(new EmbedRequest { Kind = EmbedKind.Passage, Passages = { Enumerable.Repeat(passage, count) } })).ShouldSatisfyAllConditions(
            failure => failure.Field.ShouldBe(field),
            failure => failure.Message.ShouldContain(named));
    }

    [Fact]
    public async Task Embed_LongestText_IsCutByTheModelAndSaysSo()
    {
        var text = string.Concat(Enumerable.Repeat("a ", 16_384));

        (await EmbedAsync(EmbedKind.Query, text)).Embeddings.Single().UnseenTokens.ShouldBe(16_384 - (TinyBert.MaxTokens - 2));
    }

    [Fact]
    public async Task Embed_UnknownModel_IsNotFoundNamingTheKnown()
    {
        var request = Request(EmbedKind.Query, "cat");
        request.Model = "../secrets";

        (await RefusedAsync(request)).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.NotFound),
            failure => failure.Message.ShouldContain($"Known: all-MiniLM-L6-v2, {TinyBert.Id}"));
    }

    [Fact]
    public async Task Embed_KnownModelWithoutFiles_SaysHowToPullIt()
    {
        var request = Request(EmbedKind.Query, "cat");
        request.Model = "all-MiniLM-L6-v2";

        (await RefusedAsync(request)).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.FailedPrecondition),
            failure => failure.Remedy!.ShouldContain("rag models pull all-MiniLM-L6-v2"));
    }

    [Fact]
    public async Task GetTokenizer_Default_IsTheModelsOwn()
    {
        var tokenizer = await client.GetTokenizerAsync(new GetTokenizerRequest()).ResponseAsync.WithTimeout("GetTokenizer");

        tokenizer.Kind.ShouldBe("wordpiece");
        tokenizer.Vocabulary.ToString(Encoding.UTF8).ShouldBe(string.Join('\n', TinyBert.Vocabulary) + "\n");
        tokenizer.LowerCase.ShouldBeTrue();
        tokenizer.MaxTokens.ShouldBe(TinyBert.MaxTokens);
        tokenizer.Dimension.ShouldBe(TinyBert.Dimension);
    }

    [Fact]
    public async Task ListModels_OneLoadedOneMissing_SaysWhichIsWhich()
    {
        var models = (await client.ListModelsAsync(new ListModelsRequest()).ResponseAsync.WithTimeout("ListModels")).Models;

        models.Select(model => (model.Id, model.State, model.Dimension, model.IsDefault, model.License))
            .ShouldBe([("all-MiniLM-L6-v2", "missing", 0, false, "Apache-2.0"), (TinyBert.Id, "ready", TinyBert.Dimension, true, "")]);
        models[1].SizeBytes.ShouldBe(Directory.GetFiles(folder.File(TinyBert.Id)).Sum(file => new FileInfo(file).Length));
    }

    [Fact]
    public async Task PullModel_AlreadyThere_EndsWithReady()
    {
        using var call = client.PullModel(new PullModelRequest());

        var steps = await call.ResponseStream.ReadAllAsync().Select(progress => progress.Step).ToListAsync().AsTask().WithTimeout("PullModel");

        steps.ShouldBe(["ready"]);
    }

    [RequiresModelFact]
    public async Task Embed_RealMiniLm_RanksTheRelatedSentenceFirst()
    {
        var real = new DirectoryInfo(RequiresModelFactAttribute.Folder);
        await using var started = await StartAsync(real.Parent!.FullName, real.Name);
        await started.Services.GetRequiredService<ModelHost>().WaitAsync(real.Name, CancellationToken.None).WithTimeout("MiniLM");
        var request = Request(EmbedKind.Query, "How do I reset my password?", "To change your password, open the account settings.", "The recipe needs two eggs.");

        var response = await new EmbeddingService.EmbeddingServiceClient(started.Channel).EmbedAsync(request).ResponseAsync.WithTimeout("Embed");

        var vectors = response.Embeddings.Select(Vector).ToList();
        response.Dimension.ShouldBe(384);
        Cosine(vectors[0], vectors[1]).ShouldBeGreaterThan(0.5f);
        Cosine(vectors[0], vectors[2]).ShouldBeLessThan(0.2f);
    }

    [Theory]
    [InlineData("QueueCapacityTexts", "255", "QueueCapacityTexts")]
    [InlineData("Threads", "0", "Threads")]
    [InlineData("HubAddress", "ftp://somewhere", "Embedding:HubAddress")]
    public async Task Start_OptionOutOfRange_IsRefusedNamingIt(string option, string value, string named)
    {
        var refusal = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => StartAsync(folder.Path, TinyBert.Id, ($"Embedding:{option}", value)));

        refusal.Message.ShouldContain(named);
    }

    private Task<TestServer> StartAsync(string modelsDirectory, string model, params (string Key, string Value)[] settings) =>
        TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)).Concat(
                [
                    new("Embedding:ModelsDirectory", modelsDirectory),
                    new("Data:Directory", folder.File("data")),
                    new("Embedding:Model", model),
                    new("Embedding:PullOnStart", "false"),
                ]));
                builder.AddEmbedding();
            },
            app => app.MapEmbedding());

    private static EmbedRequest Request(EmbedKind kind, params string[] texts) => new() { Kind = kind, Texts = { texts } };

    private Task<EmbedResponse> EmbedAsync(EmbedKind kind, params string[] texts) =>
        client.EmbedAsync(Request(kind, texts)).ResponseAsync.WithTimeout("Embed");

    private async Task<ServiceException> RefusedAsync(EmbedRequest request) =>
        FailureStatus.FromRpcException(await Should.ThrowAsync<RpcException>(() => client.EmbedAsync(request).ResponseAsync.WithTimeout("Embed"))).ShouldNotBeNull();

    private static float[] Vector(Protos.Embedding.V1.Embedding embedding) => MemoryMarshal.Cast<byte, float>(embedding.Vector.Span).ToArray();

    private static float Cosine(float[] left, float[] right) => left.Zip(right, (a, b) => a * b).Sum();
}
