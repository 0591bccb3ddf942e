using System.Globalization;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>Of a process and its children: what the kernel has counted.</summary>
/// <param name="ProcessorSeconds">Since it began.</param>
/// <param name="ResidentMebibytes">Its resident set; memory mapped from files counts.</param>
/// <param name="PrivateMebibytes">That is no file's.</param>
internal readonly record struct ProcessUse(double ProcessorSeconds, double ResidentMebibytes, double PrivateMebibytes)
{
    public static ProcessUse operator +(ProcessUse left, ProcessUse right) =>
        new(left.ProcessorSeconds + right.ProcessorSeconds, left.ResidentMebibytes + right.ResidentMebibytes, left.PrivateMebibytes + right.PrivateMebibytes);
}

/// <summary>The kernel's table of processes (proc(5)) at one moment.</summary>
internal sealed class ProcessTable
{
    /// <summary>sysconf(_SC_CLK_TCK) on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;
    private const string TcpListening = "0A";

    private readonly Dictionary<int, string[]> statOf = [];

    public ProcessTable()
    {
        foreach (var id in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsAsciiDigit(name![0])))
        {
            if (TryRead($"/proc/{id}/stat") is { } stat)
            {
                // The name, in parentheses, may hold anything: what is counted begins behind it, at the state.
                statOf[int.Parse(id!, CultureInfo.InvariantCulture)] = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            }
        }
    }

    /// <summary>Of the process and all that descend from it; what a child used before it ended counts for its parent.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="others">That count for themselves, also as children.</param>
    public ProcessUse UseOf(int process, IEnumerable<int> others) =>
        statOf.Where(child => ParentOf(child.Value) == process && !others.Contains(child.Key)).Aggregate(OwnUse(process), (sum, child) => sum + UseOf(child.Key, others));

    /// <summary>The process that listens on a port of this machine; null when none does that we may look at.</summary>
    public int? ListenerOn(int port)
    {
        var hexadecimal = $":{port:X4}";
        var inodes = new[] { "/proc/net/tcp", "/proc/net/tcp6" }.Where(File.Exists).SelectMany(File.ReadLines)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields.Length > 9 && fields[1].EndsWith(hexadecimal, StringComparison.Ordinal) && fields[3] == TcpListening)
            .Select(fields => $"socket:[{fields[9]}]").ToHashSet(StringComparer.Ordinal);
        return statOf.Keys.Where(process => SocketsOf(process).Any(inodes.Contains)).Select(process => (int?)process).FirstOrDefault();
    }

    private static int ParentOf(string[] stat) => int.Parse(stat[1], CultureInfo.InvariantCulture);

    private ProcessUse OwnUse(int process)
    {
        if (!statOf.TryGetValue(process, out var stat) || TryRead($"/proc/{process}/status") is not { } status)
        {
            return default;
        }

        // utime, stime, and of children that have ended cutime, cstime.
        var ticks = stat[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
        return new ProcessUse(ticks / TicksPerSecond, Kibibytes(status, "VmRSS:") / 1024.0, Kibibytes(status, "RssAnon:") / 1024.0);
    }

    private static long Kibibytes(string status, string field) =>
        status.Split('\n').Where(line => line.StartsWith(field, StringComparison.Ordinal))
            .Select(line => long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture)).FirstOrDefault();

    private static IEnumerable<string> SocketsOf(int process)
    {
        try
        {
            return [.. Directory.EnumerateFiles($"/proc/{process}/fd").Select(file => new FileInfo(file).LinkTarget ?? "")];
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private static string? TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It has ended.
            return null;
        }
    }
}
