using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using RagPlatform.Embedding.Models;
using RagPlatform.TestKit;

namespace RagPlatform.Embedding.Tests.Models;

public sealed class HubFetcherTests : IDisposable
{
    private const string Weights = "model.safetensors";
    private readonly TestFolder folder = new();
    private readonly ProgressLog progress = new();
    private readonly HttpClient http = new();

    public void Dispose()
    {
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Pull_HubServes_ProgressGrowsToTheWholeModel()
    {
        await using var hub = await FakeHub.StartAsync((context, _, content, from) => FakeHub.ServeAsync(context, content, from, content.Length));

        var model = await PullAsync(hub.Address).WithTimeout("the pull");

        model.Source.ShouldBe("hub:someone/tiny@1");
        var bytes = progress.Entries.Where(entry => entry.Step == PullSteps.Downloading).Select(entry => entry.DoneBytes).ToList();
        bytes.ShouldBeInOrder();
        bytes[^1].ShouldBe(TestModel.Files.Values.Sum(content => content.Length));
    }

    [Fact]
    public async Task Pull_BodyEndsEarlyTwice_ResumesWhereItStopped()
    {
        var cuts = new Queue<int>([100_000, 200_000]);
        await using var hub = await FakeHub.StartAsync((context, name, content, from) =>
            FakeHub.ServeAsync(context, content, from, name == Weights && cuts.TryDequeue(out var cut) ? cut : content.Length));

        await PullAsync(hub.Address).WithTimeout("the pull");

        hub.Requests.Where(request => request.StartsWith(Weights, StringComparison.Ordinal))
            .ShouldBe([Weights, $"{Weights} from 100000", $"{Weights} from 200000"]);
    }

    [Fact]
    public async Task Pull_HubDiesInTheMiddle_ALaterPullGetsOnlyTheRest()
    {
        var dead = true;
        await using var hub = await FakeHub.StartAsync(async (context, name, content, from) =>
        {
            if (name == Weights && dead)
            {
                context.Response.ContentLength = content.Length;
                await context.Response.Body.WriteAsync(content.AsMemory(0, 150_000));
                await context.Response.Body.FlushAsync();
                context.Abort();
                return;
            }

            await FakeHub.ServeAsync(context, content, from, content.Length);
        });
        await Should.ThrowAsync<ModelPullException>(() => PullAsync(hub.Address).WithTimeout("the failing pull"));
        var before = hub.Requests.Count;
        var kept = new FileInfo(Directory.GetFiles(folder.Path, Weights, SearchOption.AllDirectories).Single()).Length;
        dead = false;

        await PullAsync(hub.Address).WithTimeout("the later pull");

        hub.Requests.Skip(before).ShouldBe([kept == 0 ? Weights : $"{Weights} from {kept}"]);
    }

    [Fact]
    public async Task Pull_HubIgnoresRange_StartsTheFileAgain()
    {
        var cut = true;
        await using var hub = await FakeHub.StartAsync((context, name, content, from) =>
        {
            var until = name == Weights && cut ? 100_000 : content.Length;
            cut &= name != Weights;
            return FakeHub.ServeAsync(context, content, 0, until);
        });

        (await PullAsync(hub.Address).WithTimeout("the pull")).Source.ShouldStartWith("hub:");
    }

    [Fact]
    public async Task Pull_HubThatNeverGetsFurther_IsGivenUp()
    {
        var lengths = new[] { 1000, 500, 900, 400, 800 };
        var answers = 0;
        await using var hub = await FakeHub.StartAsync((context, _, content, _) =>
            FakeHub.ServeAsync(context, content, from: 0, until: context.Request.Path.Value!.EndsWith(Weights, StringComparison.Ordinal) ? lengths[answers++ % lengths.Length] : content.Length));

        (await Should.ThrowAsync<ModelPullException>(() => PullAsync(hub.Address).WithTimeout("the pull"))).Message.ShouldContain($"cannot be reached for {Weights}");

        answers.ShouldBe(4);
    }

    [Fact]
    public async Task Pull_NotFound_IsPassedOverWithTheStatus()
    {
        await using var hub = await FakeHub.StartAsync((context, _, _, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });

        (await Should.ThrowAsync<ModelPullException>(() => PullAsync(hub.Address))).Message.ShouldContain("answered 404 Not Found for config.json");
    }

    [Fact]
    public async Task Pull_GarbageOfTheRightSize_IsRefusedAndNotResumedFrom()
    {
        var garbage = true;
        await using var hub = await FakeHub.StartAsync((context, name, content, from) =>
            FakeHub.ServeAsync(context, garbage && name == Weights ? new byte[content.Length] : content, from, content.Length));

        (await Should.ThrowAsync<ModelPullException>(() => PullAsync(hub.Address))).Message.ShouldContain($"{Weights} is not the pinned file");

        garbage = false;
        (await PullAsync(hub.Address).WithTimeout("the pull after the garbage")).Source.ShouldStartWith("hub:");
    }

    [Fact]
    public async Task Pull_MoreBytesThanPinned_IsRefusedWithoutReadingThemAll()
    {
        await using var hub = await FakeHub.StartAsync(async (context, _, _, _) =>
        {
            var block = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(block, context.RequestAborted);
            }
        });

        (await Should.ThrowAsync<ModelPullException>(() => PullAsync(hub.Address).WithTimeout("the pull"))).Message.ShouldContain($"sends more than the {TestModel.Files["config.json"].Length} bytes that config.json has");
    }

    [Fact]
    public async Task Pull_SilentHub_IsPassedOverAfterItsTime()
    {
        await using var hub = await FakeHub.StartAsync((context, _, _, _) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));

        var failure = await Should.ThrowAsync<ModelPullException>(() => PullAsync(hub.Address, TimeSpan.FromMilliseconds(300)).WithTimeout("the pull"));

        failure.Message.ShouldContain("no answer within 0.3 s");
    }

    [Fact]
    public async Task Pull_NobodyListens_IsPassedOver()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();

        var failure = await Should.ThrowAsync<ModelPullException>(() => PullAsync(new Uri($"http://127.0.0.1:{port}")).WithTimeout("the pull"));

        failure.Message.ShouldContain("cannot be reached for config.json");
    }

    private Task<ModelFolder> PullAsync(Uri hub, TimeSpan? answerTimeout = null) =>
        new ModelStore(folder.Path, TestModel.Catalog(ModelSourceKind.Hub), [new HubFetcher(new HubClient(http, hub, "", answerTimeout ?? TimeSpan.FromSeconds(10), TimeProvider.System))], TimeProvider.System)
            .PullAsync(TestModel.Id, progress, CancellationToken.None);
}
