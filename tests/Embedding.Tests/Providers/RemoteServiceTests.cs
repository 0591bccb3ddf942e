using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Providers;

public sealed class RemoteServiceTests : IAsyncLifetime, IDisposable
{
    private const string Id = "fake/some/model";

    private readonly TestFolder folder = new();
    private FakeProvider provider = null!;

    public async Task InitializeAsync() => provider = await FakeProvider.StartAsync();

    public Task DisposeAsync() => provider.DisposeAsync().AsTask();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Embed_DefaultModelIsAProviders_EmbedsRemembersAndIsHealthy()
    {
        await using var server = await StartAsync();
        var client = new EmbeddingService.EmbeddingServiceClient(server.Channel);
        var request = new EmbedRequest { Kind = EmbedKind.Passage, Texts = { "a", "aa" } };

        var first = await client.EmbedAsync(request).ResponseAsync.WithTimeout("the first");
        request.Texts.Add("aaa");
        var second = await client.EmbedAsync(request).ResponseAsync.WithTimeout("the second");

        first.Model.ShouldBe(Id);
        first.Dimension.ShouldBe(3);
        first.Usage.ShouldBe(new EmbedUsage { Tokens = 10 });
        second.Usage.ShouldBe(new EmbedUsage { Tokens = 5, CachedTexts = 2 });
        second.Embeddings.Take(2).ShouldBe(first.Embeddings);
        provider.Requests.Select(sent => string.Join(' ', sent.Texts)).ShouldBe(["dimension", "a aa", "aaa"]);
        (await server.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync().WithTimeout("the probe")).Status.ShouldBe(HealthStatus.Healthy);
    }

    [Fact]
    public async Task ListAndPull_AProvidersModelThatIsTheDefault_SayThatNothingIsToBePulled()
    {
        await using var server = await StartAsync();
        var client = new EmbeddingService.EmbeddingServiceClient(server.Channel);

        var listed = (await client.ListModelsAsync(new ListModelsRequest()).ResponseAsync.WithTimeout("ListModels")).Models.Single(model => model.Id == Id);
        using var pull = client.PullModel(new PullModelRequest());
        var steps = await pull.ResponseStream.ReadAllAsync().ToListAsync().AsTask().WithTimeout("the pull");

        (listed.State, listed.Kind, listed.IsDefault).ShouldBe(("remote", "encoder", true));
        steps.ShouldHaveSingleItem().Step.ShouldBe("ready");
    }

    [Fact]
    public async Task GetTokenizer_AProvidersModel_SaysThatItShowsNone()
    {
        await using var server = await StartAsync(("MaxTokens", "300"), ("PassagePrefix", "passage: "));
        var client = new EmbeddingService.EmbeddingServiceClient(server.Channel);

        var tokenizer = await client.GetTokenizerAsync(new GetTokenizerRequest()).ResponseAsync.WithTimeout("GetTokenizer");
        using var call = client.ReadTokenizer(new ReadTokenizerRequest());
        var refusal = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout("ReadTokenizer"));

        tokenizer.ShouldBe(new GetTokenizerResponse { Model = Id, Kind = "none", MaxTokens = 300, Dimension = 3, PassagePrefixTokens = 4 });
        FailureStatus.FromRpcException(refusal)!.Code.ShouldBe("TOKENIZER_UNKNOWN");
    }

    [Theory]
    [InlineData("BaseAddress", "http://someone:secret@localhost/v1", "it has a user name, a query or a fragment")]
    [InlineData("BaseAddress", "http://localhost/v1?key=secret", "it has a user name, a query or a fragment")]
    [InlineData("ApiKey", "secret with spaces", "it has a character that no HTTP header can carry")]
    [InlineData("ApiKey", "secret\n", "it has a character that no HTTP header can carry")]
    [InlineData("BaseAddress", "localhost:11434", "'localhost:11434' is no http or https address")]
    [InlineData("Model", "", "it is empty")]
    [InlineData("BatchTexts", "0", "0 is not in 1 to 2048")]
    [InlineData("EncodingFormat", "int8", "'int8' is not one of base64 and float")]
    [InlineData("SendDimension", "true", "there is no Dimension to send")]
    public async Task Start_ProviderOptionWrong_IsRefusedNamingIt(string option, string value, string problem)
    {
        var refusal = await Should.ThrowAsync<OptionsValidationException>(() => StartAsync((option, value)));

        refusal.Message.ShouldContain($"Embedding:Providers:fake:{option}: {problem}");
        refusal.Message.ShouldNotContain("secret");
    }

    private Task<TestServer> StartAsync(params (string Option, string Value)[] options) => TestServer.StartAsync(
        builder =>
        {
            builder.Configuration.AddInMemoryCollection(
            [
                new("Data:Directory", folder.Path), new("Embedding:Model", Id),
                new("Embedding:Providers:fake:BaseAddress", provider.Address), new("Embedding:Providers:fake:Model", "some/model"),
            ]);
            builder.Configuration.AddInMemoryCollection(options.Select(option => KeyValuePair.Create($"Embedding:Providers:fake:{option.Option}", (string?)option.Value)));
            builder.AddEmbedding();
        },
        app => app.MapEmbedding());
}
