using Microsoft.Extensions.Options;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Serving;

public sealed class EmbedQueueTests : IAsyncLifetime, IDisposable
{
    private const int Threads = 3;
    private const int SliceTexts = EmbedQueue.MaxSliceTextsPerThread * Threads;
    private readonly FakeModel model = new();
    private readonly EmbedQueue queue = new(Options.Create(new EmbeddingOptions { QueueCapacityTexts = 256, Threads = Threads }), TimeProvider.System);

    public Task InitializeAsync() => queue.StartAsync(CancellationToken.None);

    public Task DisposeAsync()
    {
        model.Release();
        return queue.StopAsync(CancellationToken.None).WithTimeout("the queue's stop");
    }

    public void Dispose() => queue.Dispose();

    [Fact]
    public async Task Embed_ManySlices_VectorsAreInTheOrderOfTheTexts()
    {
        var texts = Enumerable.Range(1, 50).Select(length => new string('a', length)).ToArray();

        var result = await EmbedAsync(EmbedPriority.Passage, texts).WithTimeout("the embedding");

        result.Embeddings.Select(embedding => (int)embedding.Vector[0]).ShouldBe(Enumerable.Range(1, 50));
        result.ModelMilliseconds.ShouldBeGreaterThanOrEqualTo(0);
        result.QueueMilliseconds.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Embed_QueryBehindPassages_WaitsForOneSliceOnly()
    {
        await HoldAsync();
        var passages = EmbedAsync(EmbedPriority.Passage, Texts("p", 64));
        var query = EmbedAsync(EmbedPriority.Query, "q");
        model.Release();

        await Task.WhenAll(passages, query).WithTimeout("both");

        model.Embedded.ToList().IndexOf("q").ShouldBe(1, "right after the slice that was being computed");
    }

    [Fact]
    public async Task Embed_FloodOfQueries_PassagesGetEveryNinthSlice()
    {
        await HoldAsync();
        var passage = EmbedAsync(EmbedPriority.Passage, "p");
        var queries = Enumerable.Range(0, 2 * EmbedQueue.MaxQuerySlicesInARow * SliceTexts).Select(i => EmbedAsync(EmbedPriority.Query, $"q{i}")).ToList();
        model.Release();

        await Task.WhenAll(queries.Append(passage)).WithTimeout("all");

        model.Embedded.ToList().IndexOf("p").ShouldBeInRange(1, (EmbedQueue.MaxQuerySlicesInARow * SliceTexts) + 1);
    }

    [Fact]
    public async Task Embed_ManyCallersWaiting_ShareSlices()
    {
        await HoldAsync();
        var queries = Enumerable.Range(0, 2 * SliceTexts).Select(i => EmbedAsync(EmbedPriority.Query, new string('q', i + 1))).ToList();
        model.Release();

        var results = await Task.WhenAll(queries).WithTimeout("all");

        results.Select(result => (int)result.Embeddings.Single().Vector[0]).ShouldBe(Enumerable.Range(1, 2 * SliceTexts), "to each his own vector");
        model.Calls.ShouldBe(3, "the one that held the model, and two full slices");
    }

    [Fact]
    public async Task Embed_TwoPassageJobs_TakeTurns()
    {
        await HoldAsync();
        var first = EmbedAsync(EmbedPriority.Passage, Texts("x", 2 * SliceTexts));
        var second = EmbedAsync(EmbedPriority.Passage, Texts("y", 2 * SliceTexts));
        model.Release();

        await Task.WhenAll(first, second).WithTimeout("both");

        model.Embedded.Skip(1).Chunk(SliceTexts).Select(slice => slice[0][0]).ShouldBe(['x', 'y', 'x', 'y']);
    }

    [Fact]
    public async Task Embed_QueueFull_IsRefusedWithADelayAndOthersGoOn()
    {
        await HoldAsync();
        var waiting = EmbedAsync(EmbedPriority.Passage, Texts("p", 250));

        var refusal = await Should.ThrowAsync<ServiceException>(() => EmbedAsync(EmbedPriority.Query, Texts("q", 7)));
        var fits = EmbedAsync(EmbedPriority.Query, Texts("q", 6));
        var bounded = queue.EmbedAsync(model.Loaded, Texts("m", 32), EmbedPriority.Passage, refuseWhenFull: false, CancellationToken.None);
        model.Release();

        refusal.Kind.ShouldBe(FailureKind.ResourceExhausted);
        refusal.RetryDelay.ShouldNotBeNull();
        refusal.Message.ShouldContain("250 texts are waiting, so 7 more would exceed the 256");
        await Task.WhenAll(waiting, fits, bounded).WithTimeout("those that fitted");
    }

    [Fact]
    public async Task Embed_CancelledWhileWaiting_FreesItsPlaceAndIsNeverComputed()
    {
        await HoldAsync();
        using var cancellation = new CancellationTokenSource();
        var cancelled = EmbedAsync(EmbedPriority.Passage, cancellation.Token, Texts("gone", 256));
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => cancelled.WithTimeout("the cancelled job"));
        var next = EmbedAsync(EmbedPriority.Passage, Texts("next", 256));
        model.Release();

        await next.WithTimeout("the job in its place");
        model.Embedded.ShouldNotContain(text => text.StartsWith("gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Embed_CancelledWhileComputed_StopsTheModel()
    {
        model.Hold();
        using var cancellation = new CancellationTokenSource();
        var cancelled = EmbedAsync(EmbedPriority.Query, cancellation.Token, "q");
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => cancelled.WithTimeout("the cancelled job"));
        var next = EmbedAsync(EmbedPriority.Query, "next");
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        model.Release();

        await next.WithTimeout("the next job");
        model.Embedded.ShouldBe(["next"]);
    }

    [Fact]
    public async Task Embed_ModelThrows_OnlyThatJobFails()
    {
        model.Failure = new InvalidOperationException("broken");
        (await Should.ThrowAsync<InvalidOperationException>(() => EmbedAsync(EmbedPriority.Passage, Texts("p", 40)).WithTimeout("the failing job"))).Message.ShouldBe("broken");
        model.Failure = null;

        await EmbedAsync(EmbedPriority.Passage, "next").WithTimeout("the next job");

        model.Embedded.ShouldBe(["next"]);
    }

    [Fact]
    public async Task Embed_OneOfASharedSliceFails_TheOthersGetTheirVectors()
    {
        model.Poison = "bad";
        await HoldAsync();
        var before = EmbedAsync(EmbedPriority.Query, "a");
        var bad = EmbedAsync(EmbedPriority.Query, "bad");
        var after = EmbedAsync(EmbedPriority.Query, "abc");
        model.Release();

        (await Should.ThrowAsync<InvalidOperationException>(() => bad.WithTimeout("the failing job"))).Message.ShouldBe("bad");
        (await before.WithTimeout("the job before")).Embeddings.Single().Vector[0].ShouldBe(1);
        (await after.WithTimeout("the job after")).Embeddings.Single().Vector[0].ShouldBe(3);
    }

    [Fact]
    public async Task Embed_CallerOfASharedSliceLeaves_TheOthersGetTheirVectors()
    {
        await HoldAsync();
        using var cancellation = new CancellationTokenSource();
        var leaving = EmbedAsync(EmbedPriority.Query, cancellation.Token, "gone");
        var staying = EmbedAsync(EmbedPriority.Query, "stays");
        model.Release();
        await cancellation.CancelAsync();

        (await staying.WithTimeout("the one that stays")).Embeddings.Single().Vector[0].ShouldBe(5);
        await Task.WhenAny(leaving).WithTimeout("the one that leaves");
    }

    [Fact]
    public async Task Stop_JobsWaiting_AreToldAndLaterOnesRefused()
    {
        await HoldAsync();
        var waiting = EmbedAsync(EmbedPriority.Passage, "p");

        var stop = queue.StopAsync(CancellationToken.None);

        (await Should.ThrowAsync<ServiceException>(() => waiting.WithTimeout("the waiting job"))).Kind.ShouldBe(FailureKind.Unavailable);
        await stop.WithTimeout("the stop");
        (await Should.ThrowAsync<ServiceException>(() => EmbedAsync(EmbedPriority.Query, "late"))).Code.ShouldBe("STOPPING");
    }

    /// <summary>Occupies the worker, so that what is enqueued next stays in the queue until the model is released.</summary>
    private async Task HoldAsync()
    {
        model.Hold();
        _ = EmbedAsync(EmbedPriority.Passage, "first");
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
    }

    private static string[] Texts(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];

    private Task<EmbedResult> EmbedAsync(EmbedPriority priority, params string[] texts) => EmbedAsync(priority, CancellationToken.None, texts);

    private Task<EmbedResult> EmbedAsync(EmbedPriority priority, CancellationToken cancellationToken, params string[] texts) =>
        queue.EmbedAsync(model.Loaded, texts, priority, refuseWhenFull: true, cancellationToken);
}
