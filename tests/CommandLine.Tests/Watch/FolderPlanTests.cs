using RagPlatform.CommandLine.Watch;

namespace RagPlatform.CommandLine.Tests.Watch;

public sealed class FolderPlanTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 20, 16, 0, 0, TimeSpan.Zero);
    private static readonly WatchTimes Times = new(TimeSpan.FromMilliseconds(500));

    private readonly Dictionary<string, FollowedDocument> documents = new(StringComparer.Ordinal);

    [Fact]
    public void Decide_OldFile_IsReadAtOnce_OneJustWrittenWhenItRests()
    {
        var plan = Decide(0, Scan(("old.md", 5, -3600), ("new.md", 5, -0.1)));

        plan.Check.ShouldBe(["old.md"]);
        plan.NextAt.ShouldBe(Start.AddSeconds(0.4));
        Decide(0.4, Scan(("old.md", 5, -3600), ("new.md", 5, -0.1))).Check.ShouldBe(["old.md", "new.md"], "neither was checked");
    }

    [Fact]
    public void Decide_FileThatKeepsChanging_IsReadAfterTheLongestWait()
    {
        for (var second = 0; second < 30; second++)
        {
            Decide(second, Scan(("log.md", second, second))).Check.ShouldBeEmpty();
        }

        Decide(30, Scan(("log.md", 30, 30))).Check.ShouldBe(["log.md"]);
    }

    [Fact]
    public void Decide_CheckedFile_IsReadAgainOnlyWhenTouchedOrWhenItsStampWasTooFresh()
    {
        Held("a.md", 5);
        Decide(0, Scan(("a.md", 5, -1))).Check.ShouldBe(["a.md"]);
        documents["a.md"].Check(Start, checkAgainAt: null, problem: null);

        Decide(1, Scan(("a.md", 5, -1))).Check.ShouldBeEmpty();
        Decide(2, Scan(("a.md", 5, -1))).Check.ShouldBe(["a.md"], "another write within the stamp's step leaves the same stamp");
        documents["a.md"].Check(Start.AddSeconds(2), checkAgainAt: null, problem: null);
        Decide(100, Scan(("a.md", 5, -1))).Check.ShouldBeEmpty();
        Decide(101, Scan(("a.md", 5, -1)), Touched("a.md", 100)).Check.ShouldBe(["a.md"]);
    }

    [Fact]
    public void Decide_FolderRenamedIntoPlace_ItsFilesAreReadThoughTheirStampsAreTheSame()
    {
        Held("manuals/deep/a.md", 5);
        Checked("manuals/deep/a.md", 5, -100);

        Decide(10, Scan(("manuals/deep/a.md", 5, -100)), Touched("manuals", 9)).Check.ShouldBe(["manuals/deep/a.md"]);
    }

    [Fact]
    public void Decide_MissingFile_IsDeletedOnceItWasMissingLongEnough()
    {
        Held("gone.md", 5);
        Checked("kept.md", 7, -100);

        Decide(0, Scan(("kept.md", 7, -100))).Delete.ShouldBeEmpty();
        Decide(0.5, Scan(("kept.md", 7, -100))).Delete.ShouldBe(["gone.md"]);
    }

    [Fact]
    public void Decide_FileThatComesBack_IsReadAndNotDeleted()
    {
        Held("saved.md", 5);
        Checked("kept.md", 7, -100);
        Decide(0, Scan(("kept.md", 7, -100)));

        var plan = Decide(0.6, Scan(("kept.md", 7, -100), ("saved.md", 5, -100)));

        plan.Delete.ShouldBeEmpty();
        plan.Check.ShouldBe(["saved.md"]);
    }

    [Fact]
    public void Decide_RenamedFile_OldDocumentGoesOnlyWhenTheNewOneIsIndexed()
    {
        Held("old.md", 5).Hash = "h";
        var renamed = Scan(("new.md", 5, -100));

        Decide(10, renamed, Touched("new.md", 9.9)).Delete.ShouldBeEmpty("the new file was not read yet");
        Decide(11, renamed).Delete.ShouldBeEmpty("nor now");
        var document = documents["new.md"];
        document.Check(Start, checkAgainAt: null, problem: null);
        (document.IsHeld, document.IsPending, document.Hash) = (true, true, "h");
        Decide(12, renamed).Delete.ShouldBeEmpty("it is on its way");
        document.IsPending = false;
        Decide(13, renamed).Delete.ShouldBe(["old.md"]);
    }

    [Fact]
    public void Decide_NothingLeft_IsHeldBackUnlessThatIsWanted()
    {
        Held("a.md", 5);

        Decide(0, Scan());
        Decide(60, Scan()).ShouldSatisfyAllConditions(plan => plan.IsHeldBack.ShouldBeTrue(), plan => plan.Delete.ShouldBeEmpty());
        Decide(120, Scan(), deletesAll: true).Delete.ShouldBeEmpty("it has only now begun to be taken for missing");
        Decide(121, Scan(), deletesAll: true).Delete.ShouldBe(["a.md"]);
    }

    [Fact]
    public void Decide_BelowAnUnreadableFolder_NothingIsDeleted()
    {
        Held("locked/a.md", 5);
        Checked("kept.md", 7, -100);
        var scan = Scan(("kept.md", 7, -100)) with { Unreadable = new Dictionary<string, string> { ["locked"] = "Access is denied." } };

        Decide(0, scan);
        Decide(60, scan).Delete.ShouldBeEmpty();
    }

    private FolderPlan Decide(double atSeconds, FolderScan scan, FolderTouches? touches = null, bool deletesAll = false) =>
        FolderPlan.Decide(scan, documents, touches ?? FolderTouches.None, Times, deletesAll, Start.AddSeconds(atSeconds));

    private FollowedDocument Held(string path, long bytes) => documents[path] = new FollowedDocument { IsHeld = true, Hash = path, Bytes = bytes };

    private void Checked(string path, long bytes, double modifiedSeconds)
    {
        Held(path, bytes).SeenStamp = new FileStamp(bytes, Start.AddSeconds(modifiedSeconds));
        documents[path].Check(Start, checkAgainAt: null, problem: null);
    }

    private static FolderScan Scan(params (string Path, long Bytes, double ModifiedSeconds)[] files) =>
        new(files.ToDictionary(file => file.Path, file => new ScannedFile(file.Path, new FileStamp(file.Bytes, Start.AddSeconds(file.ModifiedSeconds)))), new Dictionary<string, string>());

    private static FolderTouches Touched(string path, double atSeconds) =>
        new(new Dictionary<string, DateTimeOffset>(), new Dictionary<string, DateTimeOffset> { [path] = Start.AddSeconds(atSeconds) }, allAt: null);
}
