using Dapper;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Data.Sqlite;
using RagPlatform.Contracts;
using RagPlatform.Ingestion.Registry;
using RagPlatform.Ingestion.Scheduling;
using RagPlatform.Ingestion.Tests.Support;
using RagPlatform.TestKit;

namespace RagPlatform.Ingestion.Tests.Scheduling;

public sealed class LanePickerTests : IDisposable
{
    private static readonly Config Quick = Config.QuickThrowOnFailure.WithMaxTest(20).WithReplay(20261120, 4711);

    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Each byte puts a document into one of 4 tenants' 3 collections, or lets one be picked and finished.</summary>
    [Fact]
    public void Tenants_AndTheirCollections_WaitForOneRoundAtMost_WhateverTheArrivals() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), operations =>
        {
            using var folder = new TestFolder();
            using var registry = new TestRegistry(folder.Path);
            RunAsync(registry, operations).WithTimeout("the picks").GetAwaiter().GetResult();
        }).Check(Quick);

    [Fact]
    public async Task Lane_GivesSmallDocumentsFirst_AndNoneIsOvertakenByWhatCameTenMinutesLater()
    {
        using var registry = new TestRegistry(_folder.Path);
        await registry.PutAsync(new string('x', 20 * 1024 * 1024), "huge");
        await registry.PutAsync(new string('x', 3 * 1024 * 1024), "large");
        await registry.PutAsync("x", "small");
        registry.Clock.Advance(TimeSpan.FromMinutes(2));
        await registry.PutAsync("x", "small, two minutes later");
        registry.Clock.Advance(TimeSpan.FromMinutes(2));
        await registry.PutAsync("x", "small, four minutes later");
        registry.Clock.Advance(TimeSpan.FromMinutes(6.01));
        await registry.PutAsync("x", "small, ten minutes later");

        registry.Waiting().Select(version => version.Key.DocumentId)
            .ShouldBe(["small", "small, two minutes later", "large", "small, four minutes later", "huge", "small, ten minutes later"]);
    }

    [Fact]
    public async Task Slots_AreTakenByWhoHasNone_AndOneMoreIsThereForSuchATenant()
    {
        using var registry = new TestRegistry(_folder.Path);
        await PutAsync(registry, "big", 5);
        Pick(registry).ShouldBe("big");
        await PutAsync(registry, "late", 5);
        Pick(registry).ShouldBe("late");
        Pick(registry).ShouldBeNull("both slots are taken, and both have one");

        await PutAsync(registry, "third", 5);
        Pick(registry).ShouldBe("third");
        await PutAsync(registry, "fourth", 5);
        Pick(registry).ShouldBeNull("three are at work already");
    }

    [Fact]
    public async Task Slots_AllGoToOneTenant_WhereNobodyElseWaits()
    {
        using var registry = new TestRegistry(_folder.Path, configure: options => options.ProcessConcurrency = 3);
        await PutAsync(registry, "alone", 5);
        Enumerable.Range(0, 4).Select(_ => Pick(registry)).ShouldBe(["alone", "alone", "alone", null]);
    }

    [Fact]
    public async Task Limits_PerTenantAndPerCollection_Hold_AndLetTheOthersThrough()
    {
        using var registry = new TestRegistry(
            _folder.Path, configure: options => (options.ProcessConcurrency, options.MaxDocumentsInFlightPerTenant, options.MaxDocumentsInFlightPerCollection) = (64, 5, 2));
        foreach (var index in Enumerable.Range(0, 10))
        {
            await registry.PutAsync(new DocumentKey("one", "a", $"{index}"), "x");
            await registry.PutAsync(new DocumentKey("one", "b", $"{index}"), "x");
            await registry.PutAsync(new DocumentKey("one", "c", $"{index}"), "x");
            await registry.PutAsync(new DocumentKey("two", "a", $"{index}"), "x");
        }

        var picked = PickAll(registry).GroupBy(version => Lane.Of(version.Key)).ToDictionary(lane => lane.Key, lane => lane.Count());
        picked.Where(lane => lane.Key.Tenant == "one").Select(lane => lane.Value).Order().ShouldBe([1, 2, 2]);
        picked[new Lane("two", "a")].ShouldBe(2);
    }

    [Fact]
    public async Task Rooms_LeaveNewcomersAPlace_HoweverMuchTheFirstTenantHas()
    {
        using var registry = new TestRegistry(_folder.Path, configure: options => (options.ProcessConcurrency, options.MaxDocumentsInFlight) = (64, 12));
        await PutAsync(registry, "first", 20);
        PickAll(registry).Count.ShouldBe(6, "half of the room");
        await PutAsync(registry, "second", 20);
        PickAll(registry).ShouldAllBe(version => version.Key.Tenant == "second");
        await PutAsync(registry, "third", 1);
        PickAll(registry).ShouldHaveSingleItem().Key.Tenant.ShouldBe("third");
    }

    [Fact]
    public async Task Bytes_AreBounded_AndALargeDocumentIsNeverStarvedByManySmallOnes()
    {
        using var registry = new TestRegistry(_folder.Path, configure: options => (options.ProcessConcurrency, options.MaxPreparedBytes) = (64, 1024 * 1024));
        await PutAsync(registry, "many", 40, new string('x', 64 * 1024));
        PickAll(registry);
        registry.Work.Counts.Bytes.ShouldBeLessThanOrEqualTo((512 + 64) * 1024);
        await registry.PutAsync(new DocumentKey("one", "docs", "large"), new string('x', 2 * 1024 * 1024));
        Pick(registry).ShouldBe("one");
        Pick(registry).ShouldBeNull();
        registry.Work.Counts.Bytes.ShouldBeLessThanOrEqualTo(1024 * 1024 + 2 * 1024 * 1024);
    }

    [Fact]
    public async Task SupersededAndDeletedVersions_AreNotPicked_AndADocumentIsInOneSlotAtATime()
    {
        using var registry = new TestRegistry(_folder.Path);
        await registry.PutAsync("one");
        await registry.PutAsync("two");
        registry.Picker.Pick().ShouldNotBeNull().Version.ShouldBe(2);
        await registry.PutAsync("three");
        registry.Picker.Pick().ShouldBeNull("version 2 is still in a slot");
        registry.Work.Leave(TestRegistry.Key(), 2);
        registry.Picker.Pick().ShouldNotBeNull().Version.ShouldBe(3);
        registry.Work.Leave(TestRegistry.Key(), 3);
        await registry.Writer.RequestDeletionAsync(TestRegistry.Key(), "", CancellationToken.None);
        registry.Picker.Pick().ShouldBeNull();
    }

    [Fact]
    public async Task Queue_Of100000_IsPickedFromInTurns_WithNothingHeldOfWhatWaits()
    {
        using var registry = new TestRegistry(_folder.Path);
        await FillAsync(tenants: 4, versions: 100_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var picks = new List<string?>();
        for (var count = 0; count < 200; count++)
        {
            var version = registry.Picker.Pick().ShouldNotBeNull();
            picks.Add(version.Key.Tenant);
            registry.Work.Counts.Documents.ShouldBe(1);
            (await registry.Progress.BeginAsync(version.Key, version.Version, CancellationToken.None)).ShouldNotBeNull();
            registry.Work.Leave(version.Key, version.Version);
        }

        picks.Chunk(4).ShouldAllBe(round => round.Distinct().Count() == 4);
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(4 * 1024 * 1024);
        registry.Queue.CountLanes(1000).ShouldBe(40);
        registry.Queue.Ages().Keys.ShouldBe([QueueState.Waiting, QueueState.Taken]);
    }

    private static async Task RunAsync(TestRegistry registry, byte[] operations)
    {
        var waiting = new Dictionary<Lane, int>();
        var sinceTenant = new Dictionary<string, HashSet<string>>();
        var sinceLane = new Dictionary<Lane, HashSet<Lane>>();
        var number = 0;
        foreach (var operation in operations.Concat(Enumerable.Repeat<byte>(255, operations.Length)))
        {
            if (operation < 150)
            {
                var lane = new Lane($"tenant-{operation % 4}", $"collection-{operation / 4 % 3}");
                await registry.PutAsync(new DocumentKey(lane.Tenant, lane.Collection, $"{number++}"), "x");
                waiting[lane] = waiting.GetValueOrDefault(lane) + 1;
                sinceTenant.TryAdd(lane.Tenant, []);
                sinceLane.TryAdd(lane, []);
                continue;
            }

            if (registry.Picker.Pick() is not { } picked)
            {
                waiting.Values.Sum().ShouldBe(0);
                continue;
            }

            var pickedLane = Lane.Of(picked.Key);
            (await registry.Progress.BeginAsync(picked.Key, picked.Version, CancellationToken.None)).ShouldNotBeNull();
            registry.Work.Leave(picked.Key, picked.Version);
            waiting[pickedLane]--;
            foreach (var (tenant, others) in sinceTenant.Where(entry => entry.Key != picked.Key.Tenant))
            {
                others.Add(picked.Key.Tenant).ShouldBeTrue($"{picked.Key.Tenant} had two turns while {tenant} waited");
            }

            foreach (var (lane, others) in sinceLane.Where(entry => entry.Key != pickedLane && entry.Key.Tenant == pickedLane.Tenant))
            {
                others.Add(pickedLane).ShouldBeTrue($"{pickedLane} had two turns while {lane} waited");
            }

            Restart(sinceLane, pickedLane, waiting[pickedLane] > 0);
            Restart(sinceTenant, pickedLane.Tenant, waiting.Any(entry => entry.Key.Tenant == pickedLane.Tenant && entry.Value > 0));
        }
    }

    private static void Restart<T>(Dictionary<T, HashSet<T>> since, T key, bool isWaiting)
        where T : notnull
    {
        since.Remove(key);
        if (isWaiting)
        {
            since[key] = [];
        }
    }

    private static string? Pick(TestRegistry registry) => registry.Picker.Pick()?.Key.Tenant;

    private static List<WaitingVersion> PickAll(TestRegistry registry)
    {
        var picked = new List<WaitingVersion>();
        while (registry.Picker.Pick() is { } version)
        {
            picked.Add(version);
        }

        return picked;
    }

    private static async Task PutAsync(TestRegistry registry, string tenant, int count, string text = "x")
    {
        for (var index = 0; index < count; index++)
        {
            await registry.PutAsync(new DocumentKey(tenant, "docs", $"{index}"), text);
        }
    }

    /// <summary>As so many puts would, in one transaction.</summary>
    private async Task FillAsync(int tenants, int versions)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "ingestion", "registry.db")};Pooling=false");
        await connection.OpenAsync();
        await connection.ExecuteAsync(
            """
            BEGIN;
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < @versions - 1)
            INSERT INTO documents (tenant, collection, document_id, latest_version, state, created_at)
            SELECT 'tenant-' || (i % @tenants), 'collection-' || (i / @tenants % 10), 'document-' || i, 1, 1, i FROM n;
            INSERT INTO versions (tenant, collection, document_id, version, state, content_hash, content_type, title, uri, metadata, content_bytes,
                queue_state, queue_rank, created_at, updated_at, state_since)
            SELECT tenant, collection, document_id, 1, 1, 'hash', 'text/plain', '', '', '{}', 1, 1, created_at, created_at, created_at, created_at FROM documents;
            INSERT INTO contents (version_id, content) SELECT version_id, x'78' FROM versions;
            COMMIT;
            """,
            new { tenants, versions });
    }
}
