using RagPlatform.AppHost.Local.Running;
using RagPlatform.TestKit;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class ResourceLogTests
{
    private readonly ResourceLog log = new(new ManualTime(new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero)));

    [Fact]
    public async Task Log_LongerThanItsBound_KeepsTheNewestLinesAndTheirNumbers()
    {
        for (var line = 1; line <= ResourceLog.MaxLines + 5; line++)
        {
            log.Append($"line {line}", isError: false);
        }

        var lines = await ReadAllAsync();

        lines.Count.ShouldBe(ResourceLog.MaxLines);
        lines[0].ShouldBe(new LogLine(6, "line 6", IsError: false));
        lines[^1].Number.ShouldBe(ResourceLog.MaxLines + 5);
    }

    [Fact]
    public async Task Log_Followed_GivesTheLinesThatCome()
    {
        log.Append("before", isError: false);
        await using var reader = log.ReadAsync(follow: true, CancellationToken.None).GetAsyncEnumerator();
        await reader.MoveNextAsync().AsTask().WithTimeout("the lines so far");
        reader.Current.ShouldHaveSingleItem().Text.ShouldBe("before");

        log.Append("after", isError: true);

        await reader.MoveNextAsync().AsTask().WithTimeout("the line that came");
        reader.Current.ShouldHaveSingleItem().ShouldBe(new LogLine(2, "after", IsError: true));
    }

    [Fact]
    public async Task Remark_OfOurs_BeginsWithItsTimeLikeTheRest()
    {
        log.Remark("started again");

        (await ReadAllAsync()).ShouldHaveSingleItem().Text.ShouldBe("2026-01-02T03:04:05.000Z [apphost] started again");
    }

    [Fact]
    public void LastError_AboveAStackTrace_IsTheErrorItself()
    {
        log.LastError().ShouldBeEmpty();
        log.Append("2026-01-02T03:04:05.000Z Unhandled exception. OptionsValidationException: the key is too short", isError: true);
        log.Append("2026-01-02T03:04:05.000Z    at Program.Main()", isError: true);
        log.Append("2026-01-02T03:04:05.000Z an ordinary line", isError: false);

        log.LastError().ShouldBe("Unhandled exception. OptionsValidationException: the key is too short");
    }

    private async Task<IReadOnlyList<LogLine>> ReadAllAsync()
    {
        var all = new List<LogLine>();
        await foreach (var lines in log.ReadAsync(follow: false, CancellationToken.None))
        {
            all.AddRange(lines);
        }

        return all;
    }
}
