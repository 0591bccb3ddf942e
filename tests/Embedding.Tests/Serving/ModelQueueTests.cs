using Microsoft.Extensions.Options;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Tests.Serving;

public sealed class ModelQueueTests : IAsyncLifetime, IDisposable
{
    /// <summary>Of every text of the fake model: one unknown piece between [CLS] and [SEP].</summary>
    private const int TextTokens = 3;

    private const int SliceTexts = 12;

    private readonly FakeModel model = new();
    private readonly ManualTime time = new();
    private readonly EmbeddingOptions options = new() { QueueCapacityTexts = 256, BatchTokens = SliceTexts * TextTokens, Threads = 1 };
    private readonly ModelQueues queues;
    private readonly LocalModel local;

    public ModelQueueTests()
    {
        queues = new ModelQueues(Options.Create(options), time);
        local = Local(model, queues);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync()
    {
        model.Release();
        return queues.StopAsync(CancellationToken.None).WithTimeout("the queues' stop");
    }

    public void Dispose() => queues.Dispose();

    [Fact]
    public async Task Embed_ManySlices_VectorsAreInTheOrderOfTheTexts()
    {
        var texts = Enumerable.Range(1, 50).Select(length => new string('a', length)).ToArray();

        var result = await EmbedAsync(JobPriority.Passage, texts).WithTimeout("the embedding");

        result.Embeddings.Select(embedding => (int)embedding.Vector[0]).ShouldBe(Enumerable.Range(1, 50));
        result.ModelMilliseconds.ShouldBeGreaterThanOrEqualTo(0);
        result.QueueMilliseconds.ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Embed_QueryBehindPassages_WaitsForOneSliceOnly()
    {
        await HoldAsync();
        var passages = EmbedAsync(JobPriority.Passage, Texts("p", 64));
        var query = EmbedAsync(JobPriority.Query, "q");
        model.Release();

        await Task.WhenAll(passages, query).WithTimeout("both");

        model.Embedded.ToList().IndexOf("q").ShouldBe(1, "right after the slice that was being computed");
    }

    [Fact]
    public async Task Embed_FloodOfQueries_PassagesGetEveryNinthSlice()
    {
        await HoldAsync();
        var passage = EmbedAsync(JobPriority.Passage, "p");
        var queries = Enumerable.Range(0, 2 * WaitingJobs<EncodedText, TextEmbedding>.MaxQuerySlicesInARow * SliceTexts).Select(i => EmbedAsync(JobPriority.Query, $"q{i}")).ToList();
        model.Release();

        await Task.WhenAll(queries.Append(passage)).WithTimeout("all");

        model.Embedded.ToList().IndexOf("p").ShouldBeInRange(1, (WaitingJobs<EncodedText, TextEmbedding>.MaxQuerySlicesInARow * SliceTexts) + 1);
    }

    [Fact]
    public async Task Embed_ManyCallersWaiting_ShareSlices()
    {
        await HoldAsync();
        var queries = Enumerable.Range(0, 2 * SliceTexts).Select(i => EmbedAsync(JobPriority.Query, new string('q', i + 1))).ToList();
        model.Release();

        var results = await Task.WhenAll(queries).WithTimeout("all");

        results.Select(result => (int)result.Embeddings.Single().Vector[0]).ShouldBe(Enumerable.Range(1, 2 * SliceTexts), "to each his own vector");
        model.Calls.ShouldBe(3, "the one that held the model, and two full slices");
    }

    [Fact]
    public async Task Embed_TwoPassageJobs_TakeTurns()
    {
        await HoldAsync();
        var first = EmbedAsync(JobPriority.Passage, Texts("x", 2 * SliceTexts));
        var second = EmbedAsync(JobPriority.Passage, Texts("y", 2 * SliceTexts));
        model.Release();

        await Task.WhenAll(first, second).WithTimeout("both");

        model.Embedded.Skip(1).Chunk(SliceTexts).Select(slice => slice[0][0]).ShouldBe(['x', 'y', 'x', 'y']);
    }

    [Fact]
    public async Task Embed_QueueFull_IsRefusedAndOthersGoOn()
    {
        await HoldAsync();
        var waiting = EmbedAsync(JobPriority.Passage, Texts("p", 250));

        var refusal = await Should.ThrowAsync<ServiceException>(() => EmbedAsync(JobPriority.Passage, Texts("q", 7)));
        var fits = EmbedAsync(JobPriority.Passage, Texts("q", 6));
        var query = EmbedAsync(JobPriority.Query, Texts("q", 256));
        var bounded = local.EmbedAsync(Texts("m", 32), JobPriority.Passage, refuseWhenFull: false, CancellationToken.None);
        model.Release();

        refusal.Kind.ShouldBe(FailureKind.ResourceExhausted);
        refusal.RetryDelay.ShouldNotBeNull();
        refusal.Message.ShouldContain("250 texts of 750 tokens are waiting, so 7 more of 21 tokens would exceed the 256 texts");
        await Task.WhenAll(waiting, fits, query, bounded).WithTimeout("those that fitted");
    }

    [Fact]
    public async Task Embed_QueueFullOfTokens_IsRefused()
    {
        options.QueueCapacityTokens = 30 * TextTokens;
        await HoldAsync();
        var waiting = EmbedAsync(JobPriority.Passage, Texts("p", 30));

        var refusal = await Should.ThrowAsync<ServiceException>(() => EmbedAsync(JobPriority.Passage, "one more"));
        model.Release();

        refusal.Message.ShouldContain("or the 90 tokens that may");
        await waiting.WithTimeout("those that fitted");
    }

    [Fact]
    public async Task Embed_MoreTokensThanMayEverWait_IsRefusedForGood()
    {
        options.QueueCapacityTokens = 30 * TextTokens;

        var refusal = await Should.ThrowAsync<ServiceException>(() => EmbedAsync(JobPriority.Passage, Texts("p", 31)));

        refusal.ShouldSatisfyAllConditions(
            failure => failure.Kind.ShouldBe(FailureKind.InvalidArgument),
            failure => failure.Code.ShouldBe("BATCH_TOO_LARGE"),
            failure => failure.Message.ShouldContain("93 tokens; at most 90"),
            failure => failure.RetryDelay.ShouldBeNull());
    }

    [Fact]
    public async Task Embed_QueueFull_RetryDelayIsWhatTheModelNeedsForTheExcess()
    {
        // One slice of 12 texts takes 2 seconds; 6 texts too many are half a slice.
        model.Hold();
        var first = EmbedAsync(JobPriority.Passage, Texts("f", SliceTexts));
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        time.Advance(TimeSpan.FromSeconds(2));
        model.Release();
        await first.WithTimeout("the measured slice");
        await HoldAsync();
        var waiting = EmbedAsync(JobPriority.Passage, Texts("p", 250));

        var refusal = await Should.ThrowAsync<ServiceException>(() => EmbedAsync(JobPriority.Passage, Texts("q", 12)));
        var next = await Should.ThrowAsync<ServiceException>(() => EmbedAsync(JobPriority.Passage, Texts("r", 12)));
        model.Release();

        refusal.RetryDelay.ShouldNotBeNull().TotalSeconds.ShouldBe(1, 0.01);
        next.RetryDelay.ShouldNotBeNull().TotalSeconds.ShouldBe(3, 0.01, "the one before is to come first");
        await waiting.WithTimeout("those that fitted");
    }

    [Fact]
    public async Task Embed_ModelReadsMoreThanASliceIn20Milliseconds_SlicesAreLonger()
    {
        model.Hold();
        var first = EmbedAsync(JobPriority.Passage, Texts("f", SliceTexts));
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        time.Advance(TimeSpan.FromMilliseconds(2));
        model.Release();
        await first.WithTimeout("the measured slice");

        await EmbedAsync(JobPriority.Passage, Texts("p", 11 * SliceTexts)).WithTimeout("the rest");

        model.Calls.ShouldBe(3, "10 slices fit into 20 ms, and one is left");
    }

    [Fact]
    public async Task Embed_LongAndShortTexts_SlicesHoldTheLongestFirstAndEveryVectorIsItsOwn()
    {
        await HoldAsync();
        string[] texts = ["a", "a b c a b c a b c", "a b", "c c c c c c"];
        options.BatchTokens = 16;
        var result = EmbedAsync(JobPriority.Passage, texts);
        model.Release();

        (await result.WithTimeout("the embedding")).Embeddings.Select(output => (int)output.Vector[0]).ShouldBe(texts.Select(text => text.Length));
        model.Embedded.Skip(1).ShouldBe(["a b c a b c a b c", "c c c c c c", "a b", "a"]);
        model.Calls.ShouldBe(3, "the one that held the model, 11 tokens, then 8 + 4 + 3");
    }

    [Fact]
    public async Task Embed_TextLongerThanASlice_GoesAlone()
    {
        options.BatchTokens = 16;
        await HoldAsync();
        var both = EmbedAsync(JobPriority.Passage, "a", string.Join(' ', Enumerable.Repeat("a", 40)));
        model.Release();

        (await both.WithTimeout("the embedding")).Embeddings.Length.ShouldBe(2);
        model.Calls.ShouldBe(3);
    }

    [Fact]
    public async Task Embed_LongTextBehindAJobOfManyShortOnes_IsNotPassedOver()
    {
        options.BatchTokens = 16;
        await HoldAsync();
        var many = EmbedAsync(JobPriority.Passage, Texts("s", 100));
        var longer = EmbedAsync(JobPriority.Passage, "a a a a a a a a a a a a a a");
        model.Release();

        await Task.WhenAll(many, longer).WithTimeout("both");
        model.Embedded.ToList().FindIndex(text => text.StartsWith("a a", StringComparison.Ordinal)).ShouldBe(1 + 5, "after the first slice");
    }

    [Fact]
    public async Task Embed_OtherModelIsHeld_DoesNotWaitForItAndHasHalfOfTheThreads()
    {
        using var wide = Queues(threads: 4);
        model.Hold();
        var held = Local(model, wide).EmbedAsync(["q"], JobPriority.Query, refuseWhenFull: true, CancellationToken.None);
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        var other = new FakeModel("other");

        await Local(other, wide).EmbedAsync(["q"], JobPriority.Query, refuseWhenFull: true, CancellationToken.None).WithTimeout("the other model");
        model.Release();
        await held.WithTimeout("the held one");

        model.Threads.ShouldBe(4, "it was alone");
        other.Threads.ShouldBe(2);
        await wide.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Embed_MuchWaits_EveryThreadHasASliceOfItsOwn()
    {
        using var wide = Queues(threads: 3);
        model.Hold();
        var all = Local(model, wide).EmbedAsync(Texts("p", 20 * SliceTexts), JobPriority.Passage, refuseWhenFull: true, CancellationToken.None);
        for (var thread = 0; thread < 3; thread++)
        {
            (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        }

        (model.Calls, model.Threads, model.LargestSlice).ShouldBe((3, 1, SliceTexts / 3));
        model.Release();
        (await all.WithTimeout("all")).Embeddings.Select(output => (int)output.Vector[0]).ShouldBe(Texts("p", 20 * SliceTexts).Select(text => text.Length));
        await wide.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Embed_BatchDelay_WaitsForMoreCallersUntilTheSliceIsFull()
    {
        options.BatchDelayMilliseconds = 100;
        var one = EmbedAsync(JobPriority.Query, "one");
        one.IsCompleted.ShouldBeFalse();
        var rest = EmbedAsync(JobPriority.Query, Texts("r", SliceTexts - 1));

        await Task.WhenAll(one, rest).WithTimeout("the full slice");

        model.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Embed_BatchDelayPasses_TheSliceGoesAsItIs()
    {
        options.BatchDelayMilliseconds = 100;
        var one = EmbedAsync(JobPriority.Query, "one");
        await TestTimeout.EventuallyAsync(
            () =>
            {
                time.Advance(TimeSpan.FromMilliseconds(50));
                return Task.FromResult(one.IsCompleted);
            },
            "the delay's end");

        (await one).Embeddings.Length.ShouldBe(1);
    }

    [Fact]
    public async Task Embed_CancelledWhileWaiting_FreesItsPlaceAndIsNeverComputed()
    {
        await HoldAsync();
        using var cancellation = new CancellationTokenSource();
        var cancelled = EmbedAsync(JobPriority.Passage, cancellation.Token, Texts("gone", 256));
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => cancelled.WithTimeout("the cancelled job"));
        var next = EmbedAsync(JobPriority.Passage, Texts("next", 256));
        model.Release();

        await next.WithTimeout("the job in its place");
        model.Embedded.ShouldNotContain(text => text.StartsWith("gone", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Embed_CancelledWhileComputed_StopsTheModel()
    {
        model.Hold();
        using var cancellation = new CancellationTokenSource();
        var cancelled = EmbedAsync(JobPriority.Query, cancellation.Token, "q");
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        await cancellation.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => cancelled.WithTimeout("the cancelled job"));
        var next = EmbedAsync(JobPriority.Query, "next");
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
        model.Release();

        await next.WithTimeout("the next job");
        model.Embedded.ShouldBe(["next"]);
    }

    [Fact]
    public async Task Embed_ModelThrows_OnlyThatJobFails()
    {
        model.Failure = new InvalidOperationException("broken");
        (await Should.ThrowAsync<InvalidOperationException>(() => EmbedAsync(JobPriority.Passage, Texts("p", 40)).WithTimeout("the failing job"))).Message.ShouldBe("broken");
        model.Failure = null;

        await EmbedAsync(JobPriority.Passage, "next").WithTimeout("the next job");

        model.Embedded.ShouldBe(["next"]);
    }

    [Fact]
    public async Task Embed_OneOfASharedSliceFails_TheOthersGetTheirVectors()
    {
        model.Poison = "bad";
        await HoldAsync();
        var before = EmbedAsync(JobPriority.Query, "a");
        var bad = EmbedAsync(JobPriority.Query, "bad");
        var after = EmbedAsync(JobPriority.Query, "abc");
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
        var leaving = EmbedAsync(JobPriority.Query, cancellation.Token, "gone");
        var staying = EmbedAsync(JobPriority.Query, "stays");
        model.Release();
        await cancellation.CancelAsync();

        (await staying.WithTimeout("the one that stays")).Embeddings.Single().Vector[0].ShouldBe(5);
        await Task.WhenAny(leaving).WithTimeout("the one that leaves");
    }

    [Fact]
    public async Task Stop_JobsWaiting_AreToldAndLaterOnesRefused()
    {
        await HoldAsync();
        var waiting = EmbedAsync(JobPriority.Passage, "p");

        var stop = queues.StopAsync(CancellationToken.None);

        (await Should.ThrowAsync<ServiceException>(() => waiting.WithTimeout("the waiting job"))).Kind.ShouldBe(FailureKind.Unavailable);
        await stop.WithTimeout("the stop");
        (await Should.ThrowAsync<ServiceException>(() => EmbedAsync(JobPriority.Query, "late"))).Code.ShouldBe("STOPPING");
    }

    private ModelQueues Queues(int threads) =>
        new(Options.Create(new EmbeddingOptions { QueueCapacityTexts = 256, BatchTokens = SliceTexts * TextTokens, Threads = threads }), time);

    private static LocalModel Local(FakeModel fake, ModelQueues through) => new(fake.Loaded, through, () => { });

    /// <summary>Occupies the worker, so that what is enqueued next stays in the queue until the model is released.</summary>
    private async Task HoldAsync()
    {
        model.Hold();
        _ = EmbedAsync(JobPriority.Passage, "first");
        (await model.Entered.WaitAsync(TestTimeout.Default)).ShouldBeTrue();
    }

    private static string[] Texts(string prefix, int count) => [.. Enumerable.Range(0, count).Select(i => $"{prefix}{i}")];

    private Task<ModelAnswer> EmbedAsync(JobPriority priority, params string[] texts) => EmbedAsync(priority, CancellationToken.None, texts);

    private Task<ModelAnswer> EmbedAsync(JobPriority priority, CancellationToken cancellationToken, params string[] texts) =>
        local.EmbedAsync(texts, priority, refuseWhenFull: true, cancellationToken);
}
