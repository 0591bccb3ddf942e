using MassTransit;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using RagPlatform.ServiceDefaults;
using RagPlatform.TestKit;

namespace RagPlatform.ServiceDefaults.Tests;

[Collection(TelemetryTests.SpansOfTheProcess)]
public sealed class ReportPublisherTests : IAsyncLifetime
{
    private readonly Gate _gate = new();
    private ServiceProvider _services = null!;
    private ReportPublisher<int, Numbers> _reports = null!;

    public async Task InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddMassTransitTestHarness(bus => bus.UsingInMemory((context, memory) =>
            {
                memory.ConfigurePublish(pipe => pipe.UseExecuteAsync(_ => _gate.PassAsync()));
                memory.ConfigureEndpoints(context);
            }))
            .BuildServiceProvider(validateScopes: true);
        await _services.GetRequiredService<ITestHarness>().Start();
        _reports = new ReportPublisher<int, Numbers>(_services.GetRequiredService<IBus>(), numbers => new Numbers(numbers), TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        _gate.Open();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Reports_ThatComeWhileOneIsPublished_AreOneMessage()
    {
        var first = _reports.PublishAsync(0, CancellationToken.None);
        await _gate.Reached.WithTimeout("the first publish");
        var others = Enumerable.Range(1, 10).Select(number => _reports.PublishAsync(number, CancellationToken.None)).ToList();
        others.ShouldAllBe(report => !report.IsCompleted);
        _gate.Open();

        await Task.WhenAll([first, .. others]).WithTimeout("the reports");
        Published().ShouldBe([[0], [.. Enumerable.Range(1, 10)]]);
    }

    [Fact]
    public async Task Reports_MoreThanAMessageTakes_AreSeveralInOrder()
    {
        var first = _reports.PublishAsync(0, CancellationToken.None);
        await _gate.Reached.WithTimeout("the first publish");
        var others = Enumerable.Range(1, ReportPublisher<int, Numbers>.MaxReports + 1).Select(number => _reports.PublishAsync(number, CancellationToken.None)).ToList();
        _gate.Open();

        await Task.WhenAll([first, .. others]).WithTimeout("the reports");
        Published().Select(numbers => numbers.Count).ShouldBe([1, ReportPublisher<int, Numbers>.MaxReports, 1]);
        Published().SelectMany(numbers => numbers).ShouldBe(Enumerable.Range(0, ReportPublisher<int, Numbers>.MaxReports + 2));
    }

    [Fact]
    public async Task Publish_ThatFails_IsTheFailureOfThoseInItAlone()
    {
        var first = _reports.PublishAsync(0, CancellationToken.None);
        await _gate.Reached.WithTimeout("the first publish");
        _gate.Failure = new InvalidOperationException("no bus");
        var second = _reports.PublishAsync(1, CancellationToken.None);
        _gate.Open();

        // The first one passed the gate before it failed others.
        await Should.ThrowAsync<InvalidOperationException>(() => second.WithTimeout("the second"));
        _gate.Failure = null;
        await _reports.PublishAsync(2, CancellationToken.None).WithTimeout("the third");
        await first.WithTimeout("the first");
        Published().ShouldBe([[0], [2]]);
    }

    [Fact]
    public async Task Report_WhoseCallerLeaves_HoldsUpNobody()
    {
        using var leaving = new CancellationTokenSource();
        var first = _reports.PublishAsync(0, leaving.Token);
        await _gate.Reached.WithTimeout("the first publish");
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first.WithTimeout("the one who left"));
        var second = _reports.PublishAsync(1, CancellationToken.None);
        _gate.Open();
        await second.WithTimeout("the second");
    }

    private List<IReadOnlyList<int>> Published() =>
        [.. _services.GetRequiredService<ITestHarness>().Published.Select<Numbers>(new CancellationToken(canceled: true)).Select(sent => sent.Context.Message.Values)];

    public sealed record Numbers(IReadOnlyList<int> Values);

    /// <summary>Holds back the first publish until it is opened.</summary>
    private sealed class Gate
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reached => _reached.Task;

        public Exception? Failure { get; set; }

        public void Open() => _opened.TrySetResult();

        public async Task PassAsync()
        {
            var isFirst = _reached.TrySetResult();
            await _opened.Task;
            if (Failure is { } failure && !isFirst)
            {
                throw failure;
            }
        }
    }
}
