using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.Embedding.Serving;
using RagPlatform.Embedding.Tests.Models;
using RagPlatform.Embedding.Tests.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.Protos.Embedding.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Features;

public sealed class EmbedStreamTests : IAsyncLifetime, IDisposable
{
    private const int MaxStreams = 2;

    private readonly TestFolder folder = new();
    private readonly FakeModel model = new();
    private TestServer server = null!;
    private EmbeddingService.EmbeddingServiceClient client = null!;

    public async Task InitializeAsync()
    {
        TestModel.Write(folder.File(TestModel.Id));
        server = await TestServer.StartAsync(
            builder =>
            {
                builder.Configuration.AddInMemoryCollection(
                [
                    new("Embedding:ModelsDirectory", folder.Path), new("Data:Directory", folder.Path), new("Embedding:Model", TestModel.Id),
                    new("Embedding:MaxStreams", $"{MaxStreams}"),
                ]);
                builder.AddEmbedding();
                builder.Services.AddSingleton<LoadModel>((_, _) => model.Loaded);
            },
            app => app.MapEmbedding());
        client = new EmbeddingService.EmbeddingServiceClient(server.Channel);
        await server.Services.GetRequiredService<ModelHost>().WaitAsync(TestModel.Id, CancellationToken.None).WithTimeout("the model");
    }

    public Task DisposeAsync()
    {
        model.Release();
        return server.DisposeAsync().AsTask();
    }

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task EmbedStream_ManyRequests_AnswersAreInTheirOrder()
    {
        using var call = client.EmbedStream();
        var requests = Enumerable.Range(1, 30).Select(number => Texts([.. Enumerable.Range(1, number).Select(length => new string('a', length))])).ToArray();
        requests[0].Kind = EmbedKind.Passage;
        var reading = ReadAsync(call);
        foreach (var request in requests)
        {
            await call.RequestStream.WriteAsync(request);
        }

        await call.RequestStream.CompleteAsync();
        var responses = await reading.WithTimeout("the answers");

        responses.Select(response => response.Results.Count).ShouldBe(Enumerable.Range(1, 30));
        responses.ShouldAllBe(response => response.Model == TestModel.Id && response.Dimension == 2);
        responses.SelectMany(response => response.Results.Select((result, place) => BitConverter.ToSingle(result.Embedding.Vector.Span) == place + 1)).ShouldAllBe(right => right);
        responses.Sum(response => response.Usage.CachedTexts).ShouldBeGreaterThan(0, "most texts came before");
    }

    [Fact]
    public async Task EmbedStream_OneTextWrong_HasAnErrorInItsPlaceAndTheOthersTheirVectors()
    {
        using var call = client.EmbedStream();
        await call.RequestStream.WriteAsync(Texts(EmbedKind.Passage, "a", "", new string('x', 32_769), "aa"));
        await call.RequestStream.WriteAsync(Texts(""));
        await call.RequestStream.CompleteAsync();

        var responses = await ReadAsync(call).WithTimeout("the answers");

        var results = responses[0].Results;
        results.Select(result => result.ResultCase).ShouldBe(
            [EmbedStreamResult.ResultOneofCase.Embedding, EmbedStreamResult.ResultOneofCase.Error, EmbedStreamResult.ResultOneofCase.Error, EmbedStreamResult.ResultOneofCase.Embedding]);
        results[1].Error.ShouldBe(new TextError { Code = "TEXT_LENGTH", Message = "texts[1]: 0 characters; 1 to 32768 are allowed." });
        results[2].Error.Message.ShouldContain("texts[2]: 32769 characters");
        BitConverter.ToSingle(results[3].Embedding.Vector.Span).ShouldBe(2);
        responses[1].Results.Single().Error.Message.ShouldContain("texts[0]");
    }

    [Fact]
    public async Task EmbedStream_CallerDoesNotRead_FewRequestsAreTakenIn()
    {
        model.Hold();
        using var call = client.EmbedStream();
        await call.RequestStream.WriteAsync(Texts(EmbedKind.Query, "q0"));
        var sending = SendAsync(call, 100);
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        model.Release();

        var responses = await ReadAsync(call).WithTimeout("the answers");
        await sending.WithTimeout("the requests");

        responses.Count.ShouldBe(101);
        model.LargestSlice.ShouldBeLessThanOrEqualTo(4, "no more were in work at once");
    }

    [Fact]
    public async Task EmbedStream_KindMissing_IsRefused()
    {
        using var call = client.EmbedStream();
        await call.RequestStream.WriteAsync(Texts("a"));

        (await RefusedAsync(call)).Field.ShouldBe("kind");
    }

    [Fact]
    public async Task EmbedStream_ModelSaidAgain_IsRefusedAfterTheAnswersBefore()
    {
        using var call = client.EmbedStream();
        await call.RequestStream.WriteAsync(Texts(EmbedKind.Query, "a"));
        await call.RequestStream.WriteAsync(new EmbedStreamRequest { Model = "other", Texts = { "b" } });

        (await call.ResponseStream.MoveNext().WithTimeout("the answer")).ShouldBeTrue();
        (await RefusedAsync(call)).ShouldSatisfyAllConditions(
            failure => failure.Field.ShouldBe("model"),
            failure => failure.Message.ShouldContain("'other' is given in request 1"));
    }

    [Fact]
    public async Task EmbedStream_TooManyOpen_IsRefusedUntilOneEnds()
    {
        var open = new List<AsyncDuplexStreamingCall<EmbedStreamRequest, EmbedStreamResponse>>();
        for (var i = 0; i < MaxStreams; i++)
        {
            open.Add(client.EmbedStream());
            await open[i].RequestStream.WriteAsync(Texts(EmbedKind.Query, "a"));
            (await open[i].ResponseStream.MoveNext().WithTimeout("the answer")).ShouldBeTrue();
        }

        using (var more = client.EmbedStream())
        {
            var refusal = await RefusedAsync(more);
            refusal.Code.ShouldBe("STREAM_LIMIT");
            refusal.RetryDelay.ShouldNotBeNull();
        }

        open.ForEach(call => call.Dispose());
        await TestTimeout.EventuallyAsync(
            async () =>
            {
                using var again = client.EmbedStream();
                try
                {
                    await again.RequestStream.WriteAsync(Texts(EmbedKind.Query, "a"));
                    return await again.ResponseStream.MoveNext();
                }
                catch (RpcException)
                {
                    return false;
                }
            },
            "room for another stream");
    }

    private static async Task SendAsync(AsyncDuplexStreamingCall<EmbedStreamRequest, EmbedStreamResponse> call, int requests)
    {
        for (var i = 0; i < requests; i++)
        {
            await call.RequestStream.WriteAsync(Texts($"q{i + 1}"));
        }

        await call.RequestStream.CompleteAsync();
    }

    private static EmbedStreamRequest Texts(params string[] texts) => new() { Texts = { texts } };

    private static EmbedStreamRequest Texts(EmbedKind kind, params string[] texts) => new() { Kind = kind, Texts = { texts } };

    private static async Task<List<EmbedStreamResponse>> ReadAsync(AsyncDuplexStreamingCall<EmbedStreamRequest, EmbedStreamResponse> call) =>
        await call.ResponseStream.ReadAllAsync().ToListAsync();

    private static async Task<ServiceException> RefusedAsync(AsyncDuplexStreamingCall<EmbedStreamRequest, EmbedStreamResponse> call) =>
        FailureStatus.FromRpcException(await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext().WithTimeout("the refusal"))).ShouldNotBeNull();
}
