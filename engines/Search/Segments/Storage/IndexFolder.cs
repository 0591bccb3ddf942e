using System.Globalization;
using RagPlatform.Search.Files;

namespace RagPlatform.Search.Segments.Storage;

/// <summary>
/// An index's files by their names: "segment-0000000007", "log-0000000008", "manifest". No two files have a number at the same time. What is
/// set aside keeps its name, with ".lost" behind it, until someone deletes it.
/// </summary>
internal sealed class IndexFolder(IIndexFiles files)
{
    private const string SegmentPrefix = "segment-";
    private const string LogPrefix = "log-";
    private const string LostSuffix = ".lost";

    private long _last = files.List().Max(NumberOf) ?? 0;

    public IIndexFiles Files => files;

    public string NewSegmentName() => SegmentPrefix + Next();

    public string NewLogName() => LogPrefix + Next();

    /// <summary>Verified, and held by the caller.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    /// <exception cref="IOException">It is not there or cannot be read.</exception>
    public Segment OpenSegment(string name) => new(new StoredSections(files.Map(name), isVerified: false), name, DeleteWhatMayStay);

    /// <summary>Segments and logs, without what is set aside.</summary>
    public IEnumerable<string> DataFiles() =>
        files.List().Where(name => NumberOf(name) is not null && !name.EndsWith(LostSuffix, StringComparison.Ordinal));

    /// <summary>Puts a file out of the index's way. One that is not there is lost too.</summary>
    public LostSegment SetAside(string name, string reason)
    {
        if (!files.List().Contains(name, StringComparer.Ordinal))
        {
            return new LostSegment(name, reason);
        }

        files.Rename(name, name + LostSuffix);
        return new LostSegment(name + LostSuffix, reason);
    }

    /// <summary>Deletes what nothing names any more. If it cannot be, it is deleted when the index is opened next.</summary>
    public void DeleteWhatMayStay(string name)
    {
        try
        {
            files.Delete(name);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // No reader is led to it, and opening sweeps it.
        }
    }

    private string Next() => Interlocked.Increment(ref _last).ToString("D10", CultureInfo.InvariantCulture);

    private static long? NumberOf(string name)
    {
        var number = name.AsSpan();
        number = number.EndsWith(LostSuffix, StringComparison.Ordinal) ? number[..^LostSuffix.Length] : number;
        var prefix = number.StartsWith(SegmentPrefix, StringComparison.Ordinal) ? SegmentPrefix : LogPrefix;
        return number.StartsWith(prefix, StringComparison.Ordinal)
            && long.TryParse(number[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
    }
}
