using RagPlatform.Search.Files;
using RagPlatform.Search.Segments.Log;

namespace RagPlatform.Search.Tests.Segments;

public sealed class LogTests
{
    private const string Name = "log-0000000001";
    private const long FirstSequence = 7;

    [Fact]
    public void Read_OfATornLog_GivesAllFramesBeforeTheTear()
    {
        var (content, frameEnds) = Write(frames: 6, isClosed: false);
        for (var length = 0; length <= content.Length; length++)
        {
            var found = Read(content[..length], null);

            var whole = frameEnds.Count(end => end <= length);
            found.Damage.ShouldBeNull();
            found.IsKnown.ShouldBeTrue();
            // All but the second copies may be there already: then the frame counts.
            found.NextSequence.ShouldBeInRange(FirstSequence + whole, FirstSequence + whole + 1);
            found.Operations.Count.ShouldBe(2 * (int)(found.NextSequence - FirstSequence));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Read_OfAClosedOrCommittedLogWithAByteChanged_KnowsEveryDocumentConcerned(bool isClosed)
    {
        var (content, _) = Write(frames: 4, isClosed);
        var whole = Read(content, isClosed ? null : content.Length);
        var random = new Random(1);
        for (var at = 0; at < content.Length; at++)
        {
            byte[] changed = [.. content];
            changed[at] ^= (byte)(1 << random.Next(8));

            var found = Read(changed, isClosed ? null : content.Length);

            found.IsKnown.ShouldBeTrue($"byte {at}");
            found.Operations.Select(operation => operation.DocumentId).ShouldBe(whole.Operations.Select(operation => operation.DocumentId), $"byte {at}");
            found.Operations.Count(operation => operation.IsDamaged).ShouldBeInRange(0, 1);
            found.Operations.Any(operation => operation.IsDamaged).ShouldBe(found.Damage is not null);
        }
    }

    [Fact]
    public void Read_OfACommittedLogThatIsShorter_IsNotKnown() =>
        Read(Write(frames: 3, isClosed: false).Content[..^64], Write(frames: 3, isClosed: false).Content.Length).IsKnown.ShouldBeFalse();

    [Fact]
    public void Read_WithBothDirectoriesOfAFrameDamaged_IsNotKnown()
    {
        var (content, frameEnds) = Write(frames: 3, isClosed: true);
        content[frameEnds[0] + LogFrameMark.Bytes] ^= 1;
        content[frameEnds[1] - LogFrameMark.Bytes - 60] ^= 1;

        var found = Read(content, null);

        found.IsKnown.ShouldBeFalse();
        found.Damage.ShouldNotBeNull();
    }

    private static LogContent Read(byte[] content, long? committedBytes)
    {
        var bytes = new MemoryBytes();
        bytes.Append(content);
        var log = new LogReader(bytes.Bytes, FirstSequence, committedBytes).Read();
        GC.KeepAlive(bytes);
        return log;
    }

    private static (byte[] Content, List<int> FrameEnds) Write(int frames, bool isClosed)
    {
        var files = new MemoryIndexFiles();
        var random = new Random(1);
        var ends = new List<int>();
        using var log = new LogWriter(files, Name, FirstSequence);
        for (var frame = 0; frame < frames; frame++)
        {
            var segment = new MemoryBytes();
            var content = new byte[random.Next(1, 300)];
            random.NextBytes(content);
            segment.Append(content);
            log.Append([new LogOperation($"replaced {frame}", segment), new LogOperation($"removed {frame}", null)]);
            ends.Add((int)log.CommittedBytes);
        }

        if (isClosed)
        {
            log.Close();
        }

        return (files.Content(Name), ends);
    }
}
