using RagPlatform.FineTuneJobs.Adapters;
using RagPlatform.FineTuneJobs.Features.Predict;
using RagPlatform.FineTuneJobs.Features.PromoteAdapter;
using RagPlatform.FineTuneJobs.Tests.Adapters;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuneJobs.Tests.Serving;

public sealed class PredictHandlerTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Predict_ByIdNameOrVersion_AsksThatOne()
    {
        using var host = new AdapterHost(_folder.Path);
        var (first, second) = (await host.RegisterAsync(), await host.RegisterAsync());
        await host.Get<PromoteAdapterHandler>().PromoteAsync(AdapterHost.Actor, second.Id, CancellationToken.None);

        (await PredictAsync(host, first.Id)).Adapter.ShouldBe(first.Id);
        (await PredictAsync(host, "support/intents:1")).Adapter.ShouldBe(first.Id);
        (await PredictAsync(host, "support/intents")).Adapter.ShouldBe(second.Id);
    }

    [Fact]
    public async Task Predict_WithACandidate_IsRefused()
    {
        using var host = new AdapterHost(_folder.Path);
        var candidate = await host.RegisterAsync(refuses: false);

        (await Should.ThrowAsync<ServiceException>(() => PredictAsync(host, candidate.Id))).Code.ShouldBe("GATE_NOT_PASSED");
    }

    [Fact]
    public async Task Predict_WithARetriever_SaysWhereItServes()
    {
        using var host = new AdapterHost(_folder.Path);
        var retriever = await host.RegisterAsync(method: "retriever");

        var failure = await Should.ThrowAsync<ServiceException>(() => PredictAsync(host, retriever.Id));

        (failure.Kind, failure.Remedy!.Contains("Embedding", StringComparison.Ordinal)).ShouldBe((FailureKind.FailedPrecondition, true));
    }

    [Theory]
    [InlineData(0, "texts")]
    [InlineData(257, "texts")]
    public async Task Predict_TooFewOrTooManyTexts_NamesTheLimit(int count, string field)
    {
        using var host = new AdapterHost(_folder.Path);

        (await Should.ThrowAsync<ServiceException>(() => host.Get<PredictHandler>().PredictAsync(AdapterHost.Tenant, "support/intents", [.. Enumerable.Repeat("text", count)], CancellationToken.None))).Field.ShouldBe(field);
    }

    [Fact]
    public async Task Predict_EmptyOrTooLongText_NamesItsPlace()
    {
        using var host = new AdapterHost(_folder.Path, null, null, ("FineTuneJobs:Serving:MaxTextCharacters", "16"));

        (await Should.ThrowAsync<ServiceException>(() => PredictAsync(host, "support/intents", "fine", " "))).Field.ShouldBe("texts[1]");
        (await Should.ThrowAsync<ServiceException>(() => PredictAsync(host, "support/intents", new string('a', 17)))).Message.ShouldContain("at most 16");
    }

    [Fact]
    public async Task Predict_WhenTooManyWait_IsRefusedWithADelayAndTheOthersAreAnswered()
    {
        using var host = new AdapterHost(_folder.Path, null, null, ("FineTuneJobs:Serving:MaxConcurrent", "1"), ("FineTuneJobs:Serving:MaxWaiting", "2"));
        var adapter = await host.RegisterAsync();
        var answering = new TaskCompletionSource();
        host.Loader.Answering = answering.Task;

        var asked = Enumerable.Range(0, 8).Select(_ => PredictAsync(host, adapter.Id)).ToArray();
        await TestTimeout.EventuallyAsync(() => Task.FromResult(asked.Count(task => task.IsFaulted) == 5), "the refusals");
        answering.SetResult();
        await ((Task)Task.WhenAll(asked)).WaitAsync(TestTimeout.Default).ContinueWith(_ => { }, TaskScheduler.Default);

        asked.Count(task => task.IsCompletedSuccessfully).ShouldBe(3);
        var refused = asked.First(task => task.IsFaulted).Exception!.InnerException.ShouldBeOfType<ServiceException>();
        (refused.Kind, refused.RetryDelay > TimeSpan.Zero).ShouldBe((FailureKind.ResourceExhausted, true));
        host.Loader.Answering = Task.CompletedTask;
        (await PredictAsync(host, adapter.Id)).Adapter.ShouldBe(adapter.Id);
    }

    private static Task<PredictOutcome> PredictAsync(AdapterHost host, string reference, params string[] texts) =>
        host.Get<PredictHandler>().PredictAsync(AdapterHost.Tenant, reference, texts is [] ? ["text"] : texts, CancellationToken.None);
}
