using System.Buffers;
using System.Runtime.InteropServices;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>What an index is made of: its segment files with the documents that are live in them, and the logs that continue them, oldest first.</summary>
/// <param name="Configuration">What the files were made with (<see cref="IndexConfiguration"/>).</param>
internal sealed record IndexManifest(string Configuration, IReadOnlyList<ManifestSegment> Segments, IReadOnlyList<ManifestLog> Logs)
{
    /// <param name="views">Of which those in memory are left out: they are in the logs.</param>
    public static IndexManifest Of(string configuration, IReadOnlyList<SegmentView> views, IReadOnlyList<ManifestLog> logs) => new(
        configuration, [.. views.Where(view => !view.Segment.IsInMemory).Select(view => new ManifestSegment(view.Segment.File, view.LiveDocuments))], logs);

    public ReadOnlySpan<byte> Write()
    {
        var bytes = new ArrayBufferWriter<byte>();
        StoredText.Append(bytes, Configuration);
        StoredText.Append(bytes, (uint)Segments.Count);
        foreach (var segment in Segments)
        {
            StoredText.Append(bytes, segment.File);
            StoredText.Append(bytes, (uint)segment.LiveDocuments.Length);
            bytes.Write(MemoryMarshal.AsBytes(segment.LiveDocuments.Words));
        }

        StoredText.Append(bytes, (uint)Logs.Count);
        foreach (var log in Logs)
        {
            StoredText.Append(bytes, log.File);
            bytes.Write(MemoryMarshal.AsBytes<long>([log.FirstSequence, log.CommittedBytes ?? -1]));
        }

        return bytes.WrittenSpan;
    }

    public static IndexManifest Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new StoredTextReader(bytes);
        var configuration = reader.ReadText();
        var segments = new ManifestSegment[reader.ReadNumber()];
        for (var i = 0; i < segments.Length; i++)
        {
            var file = reader.ReadText();
            var documents = (int)reader.ReadNumber();
            var words = new ulong[(documents + 63) / 64];
            reader.ReadBytes(words.Length * sizeof(ulong)).CopyTo(MemoryMarshal.AsBytes(words.AsSpan()));
            segments[i] = new ManifestSegment(file, RowSet.FromWords(documents, words));
        }

        var logs = new ManifestLog[reader.ReadNumber()];
        for (var i = 0; i < logs.Length; i++)
        {
            var file = reader.ReadText();
            var numbers = new long[2];
            reader.ReadBytes(2 * sizeof(long)).CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
            logs[i] = new ManifestLog(file, numbers[0], numbers[1] < 0 ? null : numbers[1]);
        }

        return new IndexManifest(configuration, segments, logs);
    }
}

internal sealed record ManifestSegment(string File, RowSet LiveDocuments);

/// <param name="FirstSequence">Of its first frame.</param>
/// <param name="CommittedBytes">Null for the log that is still written to.</param>
internal sealed record ManifestLog(string File, long FirstSequence, long? CommittedBytes);
