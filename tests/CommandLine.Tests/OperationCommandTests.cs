using RagPlatform.Protos.Documents.V1;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.CommandLine.Tests;

public sealed class OperationCommandTests(CommandLineFixture rag) : IClassFixture<CommandLineFixture>
{
    [Fact]
    public async Task Ingest_PutsAllUnderOneBatch_ThatItDeclaresAndEnds()
    {
        File.WriteAllText(rag.Folder.File("one.md"), "one");
        File.WriteAllText(rag.Folder.File("two.md"), "twice");

        var json = (await rag.RunAsync("ingest", "one.md", "two.md", "-c", "batched", "--json")).Json;

        var batchId = json.GetProperty("batch").GetString().ShouldNotBeNull();
        rag.Gateway.Received.Where(header => header.Collection == "batched").ShouldAllBe(header => header.BatchId == batchId);
        rag.Gateway.Operations.OfType<DeclareBatchRequest>().Where(request => request.BatchId == batchId).Select(request => (request.ExpectedDocuments, request.ExpectedBytes))
            .ShouldBe([(2, 8), (0, 0)]);
    }

    [Fact]
    public async Task Ingest_UnderANamedBatch_CanBeShownByIt()
    {
        File.WriteAllText(rag.Folder.File("broken-named.md"), "text");
        await rag.RunAsync("ingest", "broken-named.md", "--batch", "nightly", "-c", "named");

        (await rag.RunAsync("batches", "show", "nightly")).Out.ShouldContain("1 of 1 document, 1 failed");
        (await rag.RunAsync("batches", "watch", "nightly")).Err.ShouldContain("1 of 4 documents, 8.5 chunks/s, about 40 s left");
        (await rag.RunAsync("batches", "list")).Lines.Length.ShouldBe(3);
    }

    [Fact]
    public async Task Redrive_OfMany_AsksFirst_AndBeginsThemWhenConfirmed()
    {
        rag.Gateway.FailedDocuments = [new FailedDocument { Collection = "docs", Id = "a", Step = "embedding", Code = "TIMED_OUT", Reason = "too slow." }];
        rag.Input = "n\n";
        var refused = await rag.RunAsync("documents", "redrive", "--code", "TIMED_OUT");
        (refused.ExitCode, refused.Err).ShouldSatisfyAllConditions(one => one.Item1.ShouldBe(ExitCode.Failed), one => one.Item2.ShouldContain("Begin 1 failed document again? [y/N]"));
        rag.Gateway.Operations.OfType<RedriveDocumentsRequest>().ShouldAllBe(request => request.DryRun);

        rag.Input = "y\n";
        (await rag.RunAsync("documents", "redrive", "--code", "TIMED_OUT", "-c", "docs")).Out.ShouldContain("1 document begun again.");
        var sent = rag.Gateway.Operations.OfType<RedriveDocumentsRequest>().Last();
        (sent.DryRun, sent.Code, sent.Collection).ShouldBe((false, "TIMED_OUT", "docs"));
        (await rag.RunAsync("documents", "redrive", "--dry-run")).Out.ShouldContain("1 failed document would begin again.");
    }

    [Fact]
    public async Task Watch_WithoutATerminal_WritesALinePerChange_AndGoesOnAfterARestart()
    {
        using var interrupt = new CancellationTokenSource();
        rag.Gateway.Restarting["WatchDocuments"] = true;
        var running = rag.RunAsync(interrupt.Token, "documents", "watch", "--after", "5", "--json");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(rag.Gateway.Operations.OfType<WatchDocumentsRequest>().Any(request => request.AfterSequence == 11)), "it goes on after what it was told");
        await interrupt.CancelAsync();

        var ran = await running;
        ran.ExitCode.ShouldBe(ExitCode.Ok, ran.Err);
        ran.Lines[0].ShouldContain("\"sequence\":6");
        ran.Lines[1].ShouldContain("\"sequence\":11");
    }

    [Fact]
    public async Task Watch_ThatWasToldOfNoChangeBeforeARestart_GoesOnFromWhereItBegan()
    {
        using var interrupt = new CancellationTokenSource();
        rag.Gateway.Restarting["WatchDocuments"] = true;
        var running = rag.RunAsync(interrupt.Token, "documents", "watch", "--batch", FakeGateway.QuietBatch, "--json");
        await TestTimeout.EventuallyAsync(() => Task.FromResult(Places().Count == 2), "it comes again");
        await interrupt.CancelAsync();
        await running;

        Places().ShouldBe([0, 40], "what happened during the restart is told, too");

        List<long> Places() =>
            [.. rag.Gateway.Operations.OfType<WatchDocumentsRequest>().Where(request => request.BatchId == FakeGateway.QuietBatch).Select(request => request.AfterSequence)];
    }

    [Fact]
    public async Task Ingestion_Drained_IsPausedAndWaitedFor()
    {
        var drained = await rag.RunAsync("ingestion", "drain", "--reason", "upgrade");
        drained.Out.ShouldContain("drained: 3 waiting, 0 in flight");
        drained.Out.ShouldContain("upgrade");
        (await rag.RunAsync("ingestion", "resume")).Out.ShouldContain("running: 3 waiting");
        (await rag.RunAsync("ingestion", "status", "--json")).Json.GetProperty("isPaused").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Drops_AreListedShownMendedAndDiscarded()
    {
        (await rag.RunAsync("drops", "list")).Out.ShouldContain("MISSING_FIELD");
        (await rag.RunAsync("drops", "show", "17")).Lines[^1].ShouldBe("{}");
        (await rag.RunAsync("drops", "redrive", "17")).ExitCode.ShouldBe(ExitCode.Failed);
        File.WriteAllText(rag.Folder.File("mended.json"), "{}");
        (await rag.RunAsync("drops", "redrive", "17", "--body", rag.Folder.File("mended.json"))).Out.ShouldContain("Taken");
        (await rag.RunAsync("drops", "discard", "17", "--yes")).Out.ShouldContain("Discarded drop 17.");
        (await rag.RunAsync("drops", "show", "17")).ExitCode.ShouldBe(ExitCode.NothingFound);
    }

    [Fact]
    public async Task Show_TellsTheTimeBetweenStates_AndTheVersions()
    {
        File.WriteAllText(rag.Folder.File("versions.md"), "text");
        await rag.RunAsync("ingest", "versions.md", "-c", "versions");

        var shown = await rag.RunAsync("documents", "show", "versions.md", "-c", "versions");
        shown.Out.ShouldContain("batch");
        (await rag.RunAsync("documents", "show", "versions.md", "-c", "versions", "--json")).Json.GetProperty("versions").GetArrayLength().ShouldBe(2);
    }
}
