using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using RagPlatform.Embedding.Providers;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Providers;

public sealed class RemoteModelTests : IAsyncLifetime
{
    private const string Key = "sk-secret-1234";

    private readonly ManualTime time = new(DateTimeOffset.UnixEpoch + TimeSpan.FromDays(20_000));
    private readonly EmbeddingOptions service = new() { QueueCapacityTexts = 256 };
    /// <summary>The clock runs while a request is under way, so no try may end by its limit unless a test is about that.</summary>
    private readonly ProviderOptions options = new() { Model = "some/model", ApiKey = Key, TimeoutSeconds = 600 };
    private FakeProvider provider = null!;
    private RemoteModel? model;

    private RemoteModel Model => model ??= new RemoteModel("fake", options, service, time, NullLogger.Instance);

    public async Task InitializeAsync()
    {
        provider = await FakeProvider.StartAsync();
        options.BaseAddress = provider.Address;
    }

    public Task DisposeAsync()
    {
        model?.Dispose();
        return provider.DisposeAsync().AsTask();
    }

    [Theory]
    [InlineData("base64", "base64")]
    [InlineData("float", "float")]
    [InlineData("base64", "float")]
    public async Task Embed_EitherEncoding_UnitVectorsInTheOrderOfTheTexts(string asked, string answered)
    {
        options.EncodingFormat = asked;
        provider.Encoding = answered;

        var answer = await EmbedAsync(JobPriority.Passage, "a", "aa", "aaa");

        answer.Embeddings.Select(Length).ShouldBe([1, 2, 3]);
        answer.Embeddings.ShouldAllBe(embedding => Math.Abs(embedding.Vector.Sum(value => value * value) - 1) < 1e-6);
        answer.Tokens.ShouldBe(15);
        Model.Dimension.ShouldBe(3);
        Model.Id.ShouldBe("fake/some/model");
        var request = provider.Requests.Single();
        request.Authorization.ShouldBe($"Bearer {Key}");
        JsonDocument.Parse(request.Body).RootElement.GetProperty("model").GetString().ShouldBe("some/model");
        JsonDocument.Parse(request.Body).RootElement.GetProperty("encoding_format").GetString().ShouldBe(asked);
    }

    [Fact]
    public async Task Embed_IndexesShuffled_EveryTextHasItsOwnVector()
    {
        provider.Items = items => items.AsEnumerable().Reverse();

        (await EmbedAsync(JobPriority.Passage, "a", "aa", "aaa")).Embeddings.Select(Length).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task Embed_TextsOfAnyScript_ArriveAsTheyAreInABodyOfKnownLength()
    {
        string[] texts = ["naïve – 日本語 \"quoted\" 😀", "\u0000\r\n\\u0041 </script>"];

        await EmbedAsync(JobPriority.Passage, texts);

        provider.Requests.Single().Texts.ShouldBe(texts);
        provider.Requests.Single().Bytes.ShouldNotBeNull();
    }

    [Fact]
    public async Task Embed_LongestTexts_CountAsWhatTheModelReadsOfThem()
    {
        service.QueueCapacityTokens = 256 * options.MaxTokens;

        (await EmbedAsync(JobPriority.Passage, [.. Enumerable.Repeat(new string('x', 32_768), 256)])).Embeddings.Length.ShouldBe(256);
    }

    [Fact]
    public async Task Embed_Prefixes_GoBeforeTextsOfTheirKind()
    {
        options.QueryPrefix = "query: ";
        options.PassagePrefix = "passage: ";

        await EmbedAsync(JobPriority.Query, "a");
        await EmbedAsync(JobPriority.Passage, "b");

        provider.Requests.Select(request => request.Texts.Single()).ShouldBe(["query: a", "passage: b"]);
    }

    [Fact]
    public async Task Embed_MoreThanABatch_IsSplitByTextsAndTokensAndPutTogether()
    {
        options.BatchTexts = 4;
        options.BatchTokens = 20;
        var texts = Enumerable.Range(1, 11).Select(length => new string('a', length * 3)).ToArray();

        var answer = await EmbedAsync(JobPriority.Passage, texts);

        answer.Embeddings.Select(Length).ShouldBe(texts.Select(text => text.Length));
        answer.Tokens.ShouldBe(55);
        provider.Requests.OrderBy(request => request.Texts[0].Length).Select(request => request.Texts.Count).ShouldBe([4, 2, 2, 1, 1, 1]);
    }

    [Fact]
    public async Task Embed_ManyCallers_NoMoreRequestsThanAllowedAndOneIsKeptForQueries()
    {
        options.MaxConcurrency = 3;
        options.BatchTexts = 1;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        provider.Gate = gate.Task;
        var passages = EmbedAsync(JobPriority.Passage, "a", "aa", "aaa", "aaaa", "aaaaa");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(provider.Requests.Count == 2), "the passages' requests");
        var query = EmbedAsync(JobPriority.Query, "q");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(provider.Requests.Count == 3), "the query's request");
        gate.SetResult();

        await Task.WhenAll(passages, query).WithTimeout("all");

        provider.MostAtOnce.ShouldBe(3);
    }

    [Fact]
    public async Task Embed_RateLimitedWithADelay_WaitsForItAndSucceeds()
    {
        provider.Fail(StatusCodes.Status429TooManyRequests, retryAfter: "7");
        var answer = EmbedAsync(JobPriority.Passage, "a");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(provider.Requests.Count == 1), "the first try");
        time.Advance(TimeSpan.FromSeconds(6.9));
        answer.IsCompleted.ShouldBeFalse();
        provider.Requests.Count.ShouldBe(1);

        await AdvanceUntilAsync(answer);

        (await answer).Embeddings.Length.ShouldBe(1);
        provider.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Embed_RateLimitedForLong_IsToldToTheCallerAtOnce()
    {
        provider.Fail(StatusCodes.Status429TooManyRequests, """{"error":{"message":"quota used up"}}""", retryAfter: "3600");

        (await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"))).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.ResourceExhausted),
            failure => failure.RetryDelay.ShouldBe(TimeSpan.FromHours(1)),
            failure => failure.Message.ShouldContain("quota used up"));
        provider.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Embed_ServerErrors_AreTriedAgainAFewTimesThenUnavailableByName()
    {
        provider.Fail(500, "boom", times: 4);
        var failing = EmbedAsync(JobPriority.Passage, "a");
        await AdvanceUntilAsync(failing);

        (await RefusedAsync(failing)).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.Unavailable),
            failure => failure.Message.ShouldContain("'fake'"),
            failure => failure.Message.ShouldContain("HTTP 500, boom"));
        provider.Requests.Count.ShouldBe(4);

        (await EmbedAsync(JobPriority.Passage, "a")).Embeddings.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Embed_KeepsFailing_IsLeftAloneForAWhile()
    {
        provider.Fail(503, retryAfter: "0", times: 100);
        for (var i = 0; i < 3; i++)
        {
            await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"));
        }

        var before = provider.Requests.Count;
        var refusal = await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"));

        refusal.Kind.ShouldBe(FailureKind.Unavailable);
        refusal.RetryDelay.ShouldNotBeNull();
        refusal.Message.ShouldContain("left alone");
        provider.Requests.Count.ShouldBe(before, "nobody asked it");
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Embed_KeyRefused_NamesTheOptionAndNeverTheKey(int status)
    {
        provider.Fail(status, $"Incorrect API key provided: {Key}");

        var failure = await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"));

        failure.Kind.ShouldBe(FailureKind.FailedPrecondition);
        failure.Remedy!.ShouldContain("Embedding:Providers:fake:ApiKey");
        failure.ToString().ShouldNotContain(Key);
        provider.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Embed_TextsRefused_SaysWhyWithoutTheKeyAndIsNotTriedAgain()
    {
        provider.Fail(400, $$"""{"error":{"message":"maximum context length is 512 tokens ({{Key}})" } }""");

        var failure = await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"));

        failure.Kind.ShouldBe(FailureKind.InvalidArgument);
        failure.Message.ShouldContain("maximum context length is 512 tokens ((the API key))");
        provider.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Embed_ModelUnknown_SaysWhatToCheck()
    {
        provider.Fail(404, """{"error":"model not found, try pulling it first"}""");

        (await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"))).Message.ShouldContain("no model 'some/model'");
    }

    [Fact]
    public async Task Embed_NobodyThere_IsUnavailableByName()
    {
        await provider.DisposeAsync();
        var failing = EmbedAsync(JobPriority.Passage, "a");
        await AdvanceUntilAsync(failing);

        (await RefusedAsync(failing)).ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.Unavailable),
            failure => failure.Message.ShouldContain("The provider 'fake'"),
            failure => failure.Message.ShouldContain(options.BaseAddress));
    }

    [Fact]
    public async Task Embed_TooSlow_IsTriedAgain()
    {
        options.TimeoutSeconds = 5;
        provider.Misbehave(context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        var answer = EmbedAsync(JobPriority.Passage, "a");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(provider.Requests.Count == 1), "the first try");

        await AdvanceUntilAsync(answer);

        (await answer).Embeddings.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Embed_AnswerCutShort_IsTriedAgain()
    {
        provider.Misbehave(async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"data\": [{\"index\": 0,");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        provider.Misbehave(context => context.Response.WriteAsync("{\"data\": [{\"index\": 0,"));
        var answer = EmbedAsync(JobPriority.Passage, "a");

        await AdvanceUntilAsync(answer);

        (await answer).Embeddings.Length.ShouldBe(1);
        provider.Requests.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("{}", "no list \"data\"")]
    [InlineData("[]", "no list \"data\"")]
    [InlineData("""{"data":[]}""", "0 vectors for 1 texts")]
    [InlineData("""{"data":[{"index":1,"embedding":[1]}]}""", "has the index 1")]
    [InlineData("""{"data":[{"index":0,"embedding":[]}]}""", "neither a list of numbers nor base64")]
    [InlineData("""{"data":[{"index":0,"embedding":["x"]}]}""", "neither a list of numbers nor base64")]
    [InlineData("""{"data":[{"index":0,"embedding":"AAA="}]}""", "neither a list of numbers nor base64")]
    [InlineData("""{"data":[{"index":0}]}""", "neither a list of numbers nor base64")]
    [InlineData("""{"data":[7]}""", "has the index -1")]
    [InlineData("""{"data":[{"index":0,"embedding":[0,0]}]}""", "no direction")]
    [InlineData("""{"data":[{"index":0,"embedding":"AADAfwAAgD8="}]}""", "no direction")]
    [InlineData("""{"data":[{"index":0,"embedding":[1e39,1]}]}""", "no direction")]
    public async Task Embed_AnswerUnusable_SaysWhatIsWrong(string body, string problem)
    {
        provider.Misbehave(context => context.Response.WriteAsync(body));

        (await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"))).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("PROVIDER_ANSWER_INVALID"),
            failure => failure.Message.ShouldContain(problem));
    }

    [Fact]
    public async Task Embed_IndexTwice_IsRefused()
    {
        provider.Items = items => [items[0], items[0]];

        (await RefusedAsync(EmbedAsync(JobPriority.Passage, "a", "b"))).Message.ShouldContain("index 0, which is given twice");
    }

    [Fact]
    public async Task Embed_DimensionChanges_IsRefused()
    {
        await EmbedAsync(JobPriority.Passage, "a");
        provider.Vector = vector => [.. vector, 0];

        var failure = await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"));

        failure.Code.ShouldBe("PROVIDER_DIMENSION");
        failure.Message.ShouldContain("4 dimensions, not of 3");
    }

    [Fact]
    public async Task Embed_DimensionConfigured_IsAskedForAndHeld()
    {
        options.Dimension = 4;
        options.SendDimension = true;

        (await RefusedAsync(EmbedAsync(JobPriority.Passage, "a"))).Message.ShouldContain("3 dimensions, not of 4");
        JsonDocument.Parse(provider.Requests.Single().Body).RootElement.GetProperty("dimensions").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Connect_DimensionUnknown_IsAskedForOnce()
    {
        await Model.ConnectAsync(CancellationToken.None).AsTask().WithTimeout("the first");
        await Model.ConnectAsync(CancellationToken.None).AsTask().WithTimeout("the second");

        Model.Dimension.ShouldBe(3);
        provider.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Embed_TooMuchWaiting_IsRefusedAndCancellingMakesRoom()
    {
        options.BatchTexts = 1;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        provider.Gate = gate.Task;
        using var cancellation = new CancellationTokenSource();
        var waiting = Model.EmbedAsync([.. Enumerable.Repeat("a", 256)], JobPriority.Passage, refuseWhenFull: true, cancellation.Token);

        (await RefusedAsync(EmbedAsync(JobPriority.Passage, "b"))).ShouldSatisfyAllConditions(
            failure => failure.Code.ShouldBe("QUEUE_FULL"),
            failure => failure.RetryDelay.ShouldNotBeNull());
        await cancellation.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => waiting.WithTimeout("the cancelled"));
        gate.SetResult();

        (await EmbedAsync(JobPriority.Passage, "b")).Embeddings.Length.ShouldBe(1);
    }

    [Fact]
    public void ComposePassage_ContextThatDoesNotFit_GivesWay()
    {
        options.MaxTokens = 16;

        Model.ComposePassage("title", ["heading"], "text").ShouldBe("title\nheading\ntext");
        Model.ComposePassage("title", ["heading"], new string('x', 36)).ShouldBe("title\n" + new string('x', 36));
        Model.ComposePassage("title", ["heading"], new string('x', 60)).ShouldBe(new string('x', 60));
    }

    private Task<ModelAnswer> EmbedAsync(JobPriority priority, params string[] texts) =>
        Model.EmbedAsync(texts, priority, refuseWhenFull: true, CancellationToken.None).WithTimeout("the embedding");

    /// <summary>The fake provider's first dimension is the text's length times its second.</summary>
    private static int Length(Transformers.TextEmbedding embedding) => (int)MathF.Round(embedding.Vector[0] / embedding.Vector[1]);

    private Task AdvanceUntilAsync(Task ended) => TestTimeout.EventuallyAsync(
        () =>
        {
            time.Advance(TimeSpan.FromMilliseconds(500));
            return Task.FromResult(ended.IsCompleted);
        },
        "the end");

    private static async Task<ServiceException> RefusedAsync(Task embedding) => await Should.ThrowAsync<ServiceException>(() => embedding.WithTimeout("the refusal"));
}
