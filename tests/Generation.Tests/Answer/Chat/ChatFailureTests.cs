using Grpc.Core;
using RagPlatform.Generation.Tests.Hosting;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Generation.V1;

namespace RagPlatform.Generation.Tests.Answer.Chat;

public sealed class ChatFailureTests
{
    private const string Answer = "It is here. [1: \"Everything is here\"]";

    private static Library Documents => new Library().Add("a.md", "Everything is here.");

    [Theory]
    [InlineData(401, StatusCode.FailedPrecondition, "Generation:OpenAI:ApiKey")]
    [InlineData(403, StatusCode.FailedPrecondition, "Generation:OpenAI:ApiKey")]
    [InlineData(404, StatusCode.FailedPrecondition, "Generation:OpenAI:Model")]
    [InlineData(400, StatusCode.FailedPrecondition, "Generation:OpenAI:MaxContextCharacters")]
    [InlineData(429, StatusCode.ResourceExhausted, "429")]
    [InlineData(500, StatusCode.Unavailable, "500")]
    [InlineData(503, StatusCode.Unavailable, "503")]
    public async Task Answer_EndpointRefuses_IsOneOfOurFailuresWithoutItsInsides(int status, StatusCode expected, string named)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync((_, reply) => reply.RefuseAsync(status));

        var failure = await FailAsync(endpoint, ("Generation:OpenAI:MaxRetries", "0"));

        failure.StatusCode.ShouldBe(expected);
        failure.Status.Detail.ShouldContain(named);
        failure.Status.Detail.ShouldContain(endpoint.BaseUrl);
        failure.Status.Detail.ShouldNotContain("stack trace");
        failure.Status.Detail.ShouldNotContain("secret-key");
        endpoint.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Answer_TransientFailureThenSuccess_IsAnswered(int status)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(async (call, reply) =>
        {
            if (call == 1)
            {
                await reply.RefuseAsync(status);
                return;
            }

            await reply.SayAsync(Answer);
            await reply.FinishAsync();
        });
        await using var host = await GenerationHost.StartAsync(Documents, endpoint.Settings);

        (await host.AskAsync("Where is everything?", "openai/test")).Text.ShouldBe("It is here. [1]");
        endpoint.Calls.ShouldBe(2);
    }

    [Fact]
    public async Task Answer_RefusalThatNoRetryCures_IsNotRetried()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync((_, reply) => reply.RefuseAsync(401));

        await FailAsync(endpoint);

        endpoint.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Answer_BusyEndpointNamesADelay_IsPassedOn()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync((_, reply) => reply.RefuseAsync(429, retryAfter: "17"));

        var failure = await FailAsync(endpoint, ("Generation:OpenAI:MaxRetries", "0"));

        FailureStatus.FromRpcException(failure)!.RetryDelay.ShouldBe(TimeSpan.FromSeconds(17));
    }

    [Fact]
    public async Task Answer_NothingListens_IsUnavailableNamingTheEndpoint()
    {
        await using var host = await GenerationHost.StartAsync(
            Documents, ("Generation:OpenAI:BaseUrl", "http://127.0.0.1:1/v1"), ("Generation:OpenAI:Model", "test"), ("Generation:OpenAI:MaxRetries", "0"));

        var failure = await Should.ThrowAsync<RpcException>(() => host.AskAsync("Where is everything?", "openai/test"));

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Status.Detail.ShouldContain("http://127.0.0.1:1/v1");
    }

    [Fact]
    public async Task Answer_EndpointStaysSilent_TimesOutNamingTheSetting()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync((_, reply) => Task.Delay(Timeout.Infinite, reply.Aborted).ContinueWith(_ => { }, TaskScheduler.Default));

        var failure = await FailAsync(endpoint, ("Generation:OpenAI:TimeoutSeconds", "1"));

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Status.Detail.ShouldContain("Generation:OpenAI:TimeoutSeconds");
    }

    [Fact]
    public async Task Answer_StreamBreaksOffAfterItsFirstSentence_IsUnavailableAndNotTriedAgain()
    {
        var firstSeen = new TaskCompletionSource();
        await using var endpoint = await FakeChatEndpoint.StartAsync(async (_, reply) =>
        {
            await reply.SayAsync(Answer, " And it ");
            await firstSeen.Task.WithTimeout("the client's sight of the first sentence");
            reply.BreakOff();
        });
        await using var host = await GenerationHost.StartAsync(Documents, endpoint.Settings);
        using var call = host.Client.Answer(new AnswerRequest { Tenant = "acme", Collection = "docs", Question = "Where is everything?", Model = "openai/test" });
        while (await call.ResponseStream.MoveNext().WithTimeout("the first sentence") && call.ResponseStream.Current.Text != "It is here. [1]")
        {
        }

        firstSeen.SetResult();

        var failure = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext().WithTimeout("the failure"));
        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Status.Detail.ShouldContain("broke off");
        endpoint.Calls.ShouldBe(1);
    }

    [Theory]
    [InlineData("this is no JSON")]
    [InlineData("{\"choices\": 7}")]
    [InlineData("[]")]
    [InlineData("{\"id\": {}, \"choices\": [{\"delta\": 1}]}")]
    public async Task Answer_EndpointSpeaksSomethingElse_IsUnavailableAndNoBug(string data)
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync((_, reply) => reply.SendAsync(data));

        var failure = await FailAsync(endpoint, ("Generation:OpenAI:MaxRetries", "0"));

        failure.StatusCode.ShouldBe(StatusCode.Unavailable, failure.Status.Detail);
    }

    [Fact]
    public async Task Answer_StreamEndsWithoutFinishReason_IsUnavailable()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync((_, reply) => reply.SayAsync("It is here."));

        (await FailAsync(endpoint)).Status.Detail.ShouldContain("finish reason");
    }

    [Fact]
    public async Task Answer_EndlessStream_IsCutOff()
    {
        await using var endpoint = await FakeChatEndpoint.StartAsync(async (_, reply) =>
        {
            var piece = new string('x', 500);
            while (!reply.Aborted.IsCancellationRequested)
            {
                await reply.SayAsync(piece);
            }
        });

        var failure = await FailAsync(endpoint, ("Generation:OpenAI:MaxOutputTokens", "64"));

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Status.Detail.ShouldContain("MaxOutputTokens");
    }

    [Fact]
    public async Task Answer_ModelSetButNoAddress_NamesTheMissingSetting()
    {
        await using var host = await GenerationHost.StartAsync(Documents, ("Generation:OpenAI:Model", "test"));

        var failure = await Should.ThrowAsync<RpcException>(() => host.AskAsync("Where is everything?", "openai/test"));

        failure.StatusCode.ShouldBe(StatusCode.FailedPrecondition);
        failure.Status.Detail.ShouldContain("Generation:OpenAI:BaseUrl");
    }

    [Theory]
    [InlineData("Generation:Extractive:MinEvidence", "1.5")]
    [InlineData("Generation:OpenAI:TimeoutSeconds", "0")]
    [InlineData("Generation:OpenAI:BaseUrl", "ftp://host")]
    [InlineData("Generation:DefaultModel", "gpt")]
    public async Task Start_SettingOutOfRange_IsRefusedNamingIt(string setting, string value)
    {
        var failure = await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => GenerationHost.StartAsync(Documents, (setting, value)));

        failure.Message.ShouldContain(setting);
        failure.Message.ShouldContain(value);
    }

    private static async Task<RpcException> FailAsync(FakeChatEndpoint endpoint, params (string Key, string Value)[] settings)
    {
        await using var host = await GenerationHost.StartAsync(Documents, [.. endpoint.Settings, .. settings]);
        return await Should.ThrowAsync<RpcException>(() => host.AskAsync("Where is everything?", "openai/test"));
    }
}
