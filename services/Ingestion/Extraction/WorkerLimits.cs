using System.Globalization;

namespace RagPlatform.Ingestion.Extraction;

/// <summary>What one document may take of a process that reads it.</summary>
public sealed record WorkerLimits(TimeSpan Time, int MemoryMebibytes)
{
    public long MemoryBytes => MemoryMebibytes * 1024L * 1024L;

    /// <summary>Arguments of a worker, for <see cref="Parse"/>.</summary>
    public string[] ToArguments() => [((int)Time.TotalSeconds).ToString(CultureInfo.InvariantCulture), MemoryMebibytes.ToString(CultureInfo.InvariantCulture)];

    /// <exception cref="FormatException">They are no numbers.</exception>
    public static WorkerLimits Parse(string seconds, string mebibytes) =>
        new(TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)), int.Parse(mebibytes, CultureInfo.InvariantCulture));
}
