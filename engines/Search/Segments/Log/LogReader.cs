namespace RagPlatform.Search.Segments.Log;

/// <summary>An operation as it was found in a log.</summary>
/// <param name="Segment">Where it lies in the log; null: the document is removed.</param>
/// <param name="IsDamaged">The document's segment is not what was written: what the document should be now is lost.</param>
internal sealed record LoggedOperation(string DocumentId, Section? Segment, bool IsDamaged);

/// <summary>What a log says.</summary>
/// <param name="NextSequence">After the last frame.</param>
/// <param name="Damage">What is wrong with it; null when nothing is, a torn end included.</param>
/// <param name="IsKnown">False: operations were lost, and on which documents is unknown.</param>
internal sealed record LogContent(IReadOnlyList<LoggedOperation> Operations, long NextSequence, string? Damage, bool IsKnown);

/// <summary>
/// Reads a log up to its end. What a crash tore off was never acknowledged and is passed over. Damage is told from that by
/// what follows: a later frame, or the length that the log is known to have had.
/// </summary>
/// <param name="log">Valid as long as the operations are looked at.</param>
/// <param name="committedBytes">That were acknowledged; null when that is not known.</param>
internal sealed unsafe class LogReader(Section log, long firstSequence, long? committedBytes)
{
    private readonly List<LoggedOperation> _operations = [];
    private readonly long _end = Math.Min(committedBytes ?? long.MaxValue, log.Bytes);
    private long _sequence = firstSequence;
    private string? _damage;

    public LogContent Read()
    {
        for (long at = 0; at < _end; _sequence++)
        {
            var frame = FrameAt(at);
            var directory = frame is { } mark ? DirectoryOf(at, mark) : null;
            if (frame is null || directory is null)
            {
                return MayBeTorn(at + SegmentLayout.Alignment) ? Result() : Lost(at);
            }

            if (!TryAdd(at, frame.Value, directory))
            {
                return Result();
            }

            at += frame.Value.FrameBytes;
        }

        return committedBytes > log.Bytes ? Lost(log.Bytes) : Result();
    }

    private LogContent Result() => new(_operations, _sequence, _damage, IsKnown: true);

    private LogContent Lost(long at) =>
        new([], _sequence, $"The log is damaged from byte {at} on, and what it said there is lost.", IsKnown: false);

    private LogFrameMark? FrameAt(long at)
    {
        if (MarkAt(at, LogFrameMark.Begin) is { } begin && begin.Sequence == _sequence && begin.FrameBytes <= _end - at)
        {
            return begin;
        }

        for (var last = at + LogFrameMark.Bytes; last <= _end - LogFrameMark.Bytes; last += SegmentLayout.Alignment)
        {
            if (MarkAt(last, LogFrameMark.End) is { } end && end.Sequence == _sequence && end.FrameBytes == last + LogFrameMark.Bytes - at)
            {
                return end;
            }
        }

        return null;
    }

    private List<LogDirectoryEntry>? DirectoryOf(long at, LogFrameMark mark)
    {
        var first = at + LogFrameMark.Bytes;
        var second = at + mark.FrameBytes - LogFrameMark.Bytes - SegmentLayout.Align(mark.DirectoryBytes);
        return LogDirectory.Read(log.Slice(first, first + mark.DirectoryBytes)) ?? LogDirectory.Read(log.Slice(second, second + mark.DirectoryBytes));
    }

    /// <summary>False when the frame is the last and was torn.</summary>
    private bool TryAdd(long at, LogFrameMark frame, List<LogDirectoryEntry> directory)
    {
        var segment = at + LogFrameMark.Bytes + SegmentLayout.Align(frame.DirectoryBytes);
        var operations = new List<LoggedOperation>(directory.Count);
        foreach (var entry in directory)
        {
            var section = new Section(log.Pointer + segment, entry.SegmentBytes);
            var isDamaged = Checksum.Of(section.Pointer, section.Bytes) != entry.SegmentChecksum;
            operations.Add(new LoggedOperation(entry.DocumentId, entry.SegmentBytes == 0 ? null : section, isDamaged));
            segment += SegmentLayout.Align(entry.SegmentBytes);
        }

        if (operations.Find(operation => operation.IsDamaged) is { } damaged)
        {
            if (MayBeTorn(at + frame.FrameBytes))
            {
                return false;
            }

            _damage = $"The frame at byte {at} is damaged: document '{damaged.DocumentId}' is lost.";
        }

        _operations.AddRange(operations);
        return true;
    }

    /// <summary>Whether what stands before <paramref name="from"/> may be what a crash left of the last frame.</summary>
    private bool MayBeTorn(long from)
    {
        if (committedBytes is not null)
        {
            return false;
        }

        for (var at = from; at <= _end - LogFrameMark.Bytes; at += SegmentLayout.Alignment)
        {
            if ((MarkAt(at, LogFrameMark.Begin) ?? MarkAt(at, LogFrameMark.End)) is { } mark && mark.Sequence > _sequence)
            {
                return false;
            }
        }

        return true;
    }

    private LogFrameMark? MarkAt(long at, ulong magic) =>
        at <= _end - LogFrameMark.Bytes && *(LogFrameMark*)(log.Pointer + at) is var mark && mark.IsIntact(magic) ? mark : null;
}
