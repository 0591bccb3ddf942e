using FsCheck;
using FsCheck.Fluent;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Registry;

/// <summary>Whatever is put, deleted and reported, in whatever order: nothing moves back.</summary>
public sealed class ReportOrderProperties
{
    private const int Lost = 16;
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(20260101, 4711);

    [Fact]
    public void Reports_InAnyOrderAndRepeated_NeverMoveADocumentBack() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), operations =>
        {
            using var folder = new TestFolder();
            using var registry = new TestRegistry(folder.Path);
            RunAsync(registry, operations).WithTimeout("the reports").GetAwaiter().GetResult();
        }).Check(Quick);

    private static async Task RunAsync(TestRegistry registry, byte[] operations)
    {
        await registry.PutAsync("first");
        var before = registry.Latest();
        foreach (var operation in operations)
        {
            var version = 1 + (operation >> 4 & 3);
            await ApplyAsync(registry, operation >= 0xF0 ? Lost : operation & 15, version);
            var after = registry.Latest();
            var isNewAttempt = before.State is DocumentState.Failed && after.State is DocumentState.Received;
            if (before.State is DocumentState.Indexed && after.Version == before.Version && after.State is DocumentState.Received)
            {
                (before.IndexedVersion, after.IndexedVersion).ShouldBe((before.Version, 0), "only what searches saw is lost");
            }

            after.Version.ShouldBeGreaterThanOrEqualTo(before.Version);
            if (after.Version == before.Version && after.State != before.State && !isNewAttempt)
            {
                DocumentTransitions.Judge(before.State, after.State).ShouldBe(Transition.Move, $"{before.State} -> {after.State}");
            }

            after.IndexedVersion.ShouldBeInRange(0, after.Version);
            before = after;
        }
    }

    private static Task ApplyAsync(TestRegistry registry, int operation, long version)
    {
        var key = TestRegistry.Key();
        var none = CancellationToken.None;
        return operation switch
        {
            0 => registry.PutAsync("first"),
            1 => registry.PutAsync("second"),
            2 => registry.Writer.RequestDeletionAsync(key, "", none),
            3 or 4 => registry.Progress.BeginAsync(key, version, none),
            5 or 6 => registry.Progress.RecordTextAsync(key, version, "text", "title", none),
            7 or 8 => registry.Progress.RecordChunksAsync(key, version, 1, 1, none),
            9 or 10 => registry.Progress.RecordEmbeddedAsync(key, version, 0, 1, none),
            11 or 12 => registry.Outcome.RecordIndexedAsync(key, version, 1, none),
            Lost => registry.Outcome.RecordLostAsync(key, version, "a file was set aside", none),
            13 => registry.Outcome.RecordUnindexedAsync(key, version, none),
            14 => registry.Progress.FailAsync(key, version, new DocumentFailure("embedding", "X", "reason", "remedy"), none),
            _ => registry.Progress.PostponeAsync(key, version, "down", TimeSpan.Zero, none),
        };
    }
}
