using System.Collections.Immutable;
using RagPlatform.Retrieval.Storage.QdrantStore;

namespace RagPlatform.Retrieval.Tests.Storage.QdrantStore;

public sealed class VisibleRevisionsTests
{
    private readonly VisibleRevisions _revisions = new(ImmutableDictionary.Create<string, VisibleRevision>(StringComparer.Ordinal).Add("doc", new VisibleRevision(1, "r1", 3)));

    [Fact]
    public void Set_SearchesThatBeganBefore_AreWaitedForAndSeeWhatTheySaw()
    {
        var (first, second) = (_revisions.Read(), _revisions.Read());
        var switched = _revisions.Set("doc", new VisibleRevision(2, "r2", 1));
        var later = _revisions.Read();

        (first.Sees("doc", "r1"), first.Sees("doc", "r2")).ShouldBe((true, false));
        (later.Sees("doc", "r1"), later.Sees("doc", "r2")).ShouldBe((false, true));
        first.Dispose();
        first.Dispose();
        switched.IsCompleted.ShouldBeFalse();
        second.Dispose();
        switched.IsCompleted.ShouldBeTrue();
        later.Sees("doc", "r2").ShouldBeTrue();
    }

    [Fact]
    public void Set_TwiceDuringASearch_BothWaitForIt()
    {
        var reading = _revisions.Read();
        var (one, two) = (_revisions.Set("doc", new VisibleRevision(2, "r2", 1)), _revisions.Remove("other"));

        (one.IsCompleted, two.IsCompleted).ShouldBe((false, false));
        reading.Dispose();
        (one.IsCompleted, two.IsCompleted).ShouldBe((true, true));
    }

    [Fact]
    public void Hidden_Revisions_AreThoseBeingWrittenAndThoseToBeDeleted()
    {
        _revisions.Hide("doc", "r2");
        Hidden().ShouldBe(["r2"]);
        _revisions.Set("doc", new VisibleRevision(2, "r2", 1)).IsCompleted.ShouldBeTrue();
        Hidden().ShouldBe(["r1"]);
        _revisions.Hide("other", "x1");
        _revisions.ForgetHidden("doc");
        Hidden().ShouldBe(["x1"]);
        _revisions.Remove("doc").IsCompleted.ShouldBeTrue();
        Hidden().ShouldBe(["r2", "x1"]);
        _revisions.Now.ShouldBeEmpty();
    }

    [Fact]
    public void Hidden_MoreThanAFilterShouldName_AreCutOff()
    {
        for (var i = 0; i < 1000; i++)
        {
            _revisions.Hide($"doc{i}", $"r{i}");
        }

        Hidden().Length.ShouldBe(256);
    }

    private string[] Hidden()
    {
        using var reading = _revisions.Read();
        return [.. reading.Hidden.Order(StringComparer.Ordinal)];
    }
}
