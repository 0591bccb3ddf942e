using RagPlatform.FineTuning.Loop;
using RagPlatform.TestKit;

namespace RagPlatform.FineTuning.Tests.Loop;

public class FolderCheckpointStoreTests
{
    [Fact]
    public void Save_Many_KeepsTheLastAndTheBest()
    {
        using var folder = new TestFolder();
        var store = new FolderCheckpointStore(folder.Path, keepLast: 2);
        foreach (var step in Enumerable.Range(1, 6))
        {
            store.Save(new CheckpointDescription(step, step == 2 ? 0.9 : 0.1, step == 1 ? null : 3, step <= 2), stream => stream.WriteByte((byte)step));
        }

        store.List().Select(kept => kept.Checkpoint.Step).ShouldBe([6, 5, 2]);
        store.List().ShouldAllBe(kept => kept.Bytes == 65);
        var (latest, best) = (Read(store.OpenLatest()), Read(store.OpenBest()));
        latest.Checkpoint.ShouldBe(new CheckpointDescription(6, 0.1, 3, false));
        latest.State.ShouldBe([6]);
        best.Checkpoint.ShouldBe(new CheckpointDescription(2, 0.9, 3, true));
        best.State.ShouldBe([2]);
    }

    [Fact]
    public void OpenLatest_NewestCutOffAnywhere_GivesTheOneBefore()
    {
        using var folder = new TestFolder();
        var path = Two(folder, out var store);
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            Read(store.OpenLatest()).Checkpoint.Step.ShouldBe(1, $"cut off at {length}");
            Read(store.OpenBest()).Checkpoint.Step.ShouldBe(1, $"cut off at {length}");
        }

        File.WriteAllBytes(path, [.. whole, 0]);
        Read(store.OpenLatest()).Checkpoint.Step.ShouldBe(1);
        File.WriteAllBytes(path, whole);
        Read(store.OpenLatest()).Checkpoint.Step.ShouldBe(2);
    }

    [Fact]
    public void OpenLatest_AnyBitOfTheNewestFlipped_GivesTheOneBefore()
    {
        using var folder = new TestFolder();
        var path = Two(folder, out var store);
        var whole = File.ReadAllBytes(path);
        for (var bit = 0; bit < whole.Length * 8; bit++)
        {
            var damaged = whole.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            File.WriteAllBytes(path, damaged);
            Read(store.OpenLatest()).Checkpoint.Step.ShouldBe(1, $"bit {bit}");
        }
    }

    [Fact]
    public void Save_WriterThrows_LeavesWhatWasThere()
    {
        using var folder = new TestFolder();
        Two(folder, out var store);

        Should.Throw<IOException>(() => store.Save(new CheckpointDescription(3, 1, 1, true), stream =>
        {
            stream.Write(new byte[100]);
            throw new IOException("no space");
        }));

        Read(store.OpenLatest()).Checkpoint.Step.ShouldBe(2);
        // What it leaves behind is cleared by the next to come.
        _ = new FolderCheckpointStore(folder.Path);
        Directory.GetFiles(folder.Path).Length.ShouldBe(2);
    }

    [Fact]
    public void Save_AfterGoingBack_DropsTheWayThatWasLeft()
    {
        using var folder = new TestFolder();
        var store = new FolderCheckpointStore(folder.Path, keepLast: 5);
        foreach (var step in (int[])[2, 4, 6, 3])
        {
            store.Save(new CheckpointDescription(step, null, null, false), stream => stream.WriteByte((byte)step));
        }

        store.List().Select(kept => kept.Checkpoint.Step).ShouldBe([3, 2]);
    }

    [Fact]
    public void Open_EmptyFolderOrForeignFiles_GivesNothing()
    {
        using var folder = new TestFolder();
        var store = new FolderCheckpointStore(folder.File("deep/below"));
        store.OpenLatest().ShouldBeNull();
        store.OpenBest().ShouldBeNull();
        File.WriteAllText(folder.File("deep/below/notes.checkpoint"), "no step");
        File.WriteAllText(folder.File("deep/below/000000000007.checkpoint"), "no checkpoint");
        store.OpenLatest().ShouldBeNull();
        store.List().ShouldBeEmpty();
    }

    private static string Two(TestFolder folder, out FolderCheckpointStore store)
    {
        store = new FolderCheckpointStore(folder.Path);
        store.Save(new CheckpointDescription(1, 0.1, 2, true), stream => stream.Write([1, 2, 3]));
        store.Save(new CheckpointDescription(2, 0.2, 1, true), stream => stream.Write([.. Enumerable.Range(0, 37).Select(i => (byte)i)]));
        return folder.File("000000000002.checkpoint");
    }

    private static (CheckpointDescription Checkpoint, byte[] State) Read((CheckpointDescription Checkpoint, Stream State)? opened)
    {
        using var state = opened.ShouldNotBeNull().State;
        using var copy = new MemoryStream();
        state.CopyTo(copy);
        return (opened.Value.Checkpoint, copy.ToArray());
    }
}
