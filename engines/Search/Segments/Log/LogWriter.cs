using System.Runtime.InteropServices;
using RagPlatform.Search.Files;

namespace RagPlatform.Search.Segments.Log;

/// <summary>A document's new segment, or its removal.</summary>
internal sealed record LogOperation(string DocumentId, MemoryBytes? Segment);

/// <summary>Appends frames (<see cref="LogFrameMark"/>) to a log of its own. Not synchronised.</summary>
internal sealed class LogWriter : IDisposable
{
    private readonly IAppendFile _file;

    /// <param name="firstSequence">Of the first frame that will be appended.</param>
    public LogWriter(IIndexFiles files, string name, long firstSequence)
    {
        Name = name;
        FirstSequence = NextSequence = firstSequence;
        _file = files.Create(name);
        try
        {
            _file.Flush();
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    public string Name { get; }

    public long FirstSequence { get; }

    public long NextSequence { get; private set; }

    /// <summary>That hold whole, acknowledged frames. What may lie behind them after a failure never happened.</summary>
    public long CommittedBytes { get; private set; }

    /// <summary>What is behind <see cref="CommittedBytes"/> is unknown: nothing can be appended any more.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>All or nothing; durable on return.</summary>
    /// <exception cref="IOException">The disk is full or failed. None of the operations counts, and no more can be appended.</exception>
    public void Append(IReadOnlyList<LogOperation> operations)
    {
        ThrowIfFailed();
        HasFailed = true;
        var directory = LogDirectory.Write([.. operations.Select(EntryOf)]);
        var frameBytes = (2 * LogFrameMark.Bytes) + (2 * SegmentLayout.Align(directory.Length)) + operations.Sum(operation => SegmentLayout.Align(operation.Segment?.Length ?? 0));
        AppendMark(LogFrameMark.Of(LogFrameMark.Begin, NextSequence, frameBytes, directory.Length));
        AppendFilled(directory);
        foreach (var operation in operations)
        {
            if (operation.Segment is { } segment)
            {
                AppendFilled(segment.Bytes.Slice(0, segment.Length));
            }
        }

        AppendFilled(directory);
        AppendMark(LogFrameMark.Of(LogFrameMark.End, NextSequence, frameBytes, directory.Length));
        _file.Flush();
        CommittedBytes += frameBytes;
        NextSequence++;
        HasFailed = false;
    }

    /// <exception cref="IOException">It has failed.</exception>
    public void ThrowIfFailed()
    {
        if (HasFailed)
        {
            throw new IOException($"The log {Name} could not be written before; nothing is written until maintenance has begun a new one.");
        }
    }

    /// <summary>From now on nothing can be appended.</summary>
    public void Fail() => HasFailed = true;

    /// <summary>Says that the last frame was acknowledged, so that damage in it is told from a torn write.</summary>
    public void Close()
    {
        try
        {
            if (!HasFailed)
            {
                Append([]);
            }
        }
        catch (IOException)
        {
            // All that was acknowledged is durable already.
        }
    }

    public void Dispose() => _file.Dispose();

    private static LogDirectoryEntry EntryOf(LogOperation operation) => operation.Segment is { } segment
        ? new LogDirectoryEntry(operation.DocumentId, segment.Length, Checksum.Of(segment.Bytes.Slice(0, segment.Length)))
        : new LogDirectoryEntry(operation.DocumentId, 0, 0);

    private void AppendMark(LogFrameMark mark) => _file.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<LogFrameMark>(ref mark)));

    private void AppendFilled(ReadOnlySpan<byte> bytes)
    {
        _file.Append(bytes);
        Span<byte> zeros = stackalloc byte[SegmentLayout.Alignment];
        zeros.Clear();
        _file.Append(zeros[..(int)(SegmentLayout.Align(bytes.Length) - bytes.Length)]);
    }
}
