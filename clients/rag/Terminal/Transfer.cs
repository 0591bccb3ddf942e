using System.Globalization;

namespace RagPlatform.CommandLine.Terminal;

/// <summary>How far a long reading or sending of bytes is: a bar on a terminal, the share, the rate of late and the time left.</summary>
/// <param name="withBar">False where lines are kept, so that they differ in digits alone.</param>
/// <param name="time">The clock.</param>
internal sealed class Transfer(bool withBar, TimeProvider time)
{
    private const int BarCharacters = 24;

    /// <summary>The rate is that of so long: long enough to be calm, short enough to follow a line that slows.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(6);

    /// <summary>Before, a rate would be a guess.</summary>
    private static readonly TimeSpan ShortestSpan = TimeSpan.FromSeconds(1);

    private readonly Queue<(long At, long Bytes)> marks = new();
    private long lastBytes;

    /// <summary>"10.0 of 50.0 MB, 20%, 5.0 MB/s, 8 s left".</summary>
    /// <param name="done">Bytes; where it becomes less, something else has begun.</param>
    /// <param name="total">0 while unknown.</param>
    public string Describe(long done, long total)
    {
        var rate = Rate(done);
        var parts = new List<string> { ProgressLine.Bytes(done, total) };
        if (total > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{100 * Math.Min(done, total) / total}%"));
        }

        if (rate > 0)
        {
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{rate / 1e6:0.0} MB/s"));
            if (total > done)
            {
                parts.Add($"{ProgressLine.Duration((total - done) / rate)} left");
            }
        }

        var text = string.Join(", ", parts);
        return withBar && total > 0 ? $"{Bar((double)done / total)} {text}" : text;
    }

    /// <summary>Bytes a second; 0 while unknown.</summary>
    private double Rate(long done)
    {
        if (done < lastBytes)
        {
            marks.Clear();
        }

        lastBytes = done;
        var now = time.GetTimestamp();
        marks.Enqueue((now, done));
        while (marks.Count > 2 && time.GetElapsedTime(marks.Peek().At, now) > Window)
        {
            marks.Dequeue();
        }

        var first = marks.Peek();
        var span = time.GetElapsedTime(first.At, now);
        return span < ShortestSpan ? 0 : (done - first.Bytes) / span.TotalSeconds;
    }

    private static string Bar(double share)
    {
        var filled = (int)Math.Round(Math.Clamp(share, 0, 1) * BarCharacters);
        return new string('━', filled) + new string('╌', BarCharacters - filled);
    }
}
