using System.Diagnostics;
using System.Globalization;

namespace RagPlatform.Bench.Load.Watch;

/// <summary>
/// A folder is edited at random while <c>rag watch</c> follows it; in the middle the watch is killed, and later the platform.
/// At the end the collection must equal the folder: ids, hashes, what searches find.
/// </summary>
internal static class WatchLoad
{
    private const int FilesAtFirst = 50;
    private const int BurstEdits = 100;
    private const int LongestPauseMilliseconds = 60;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Still = TimeSpan.FromSeconds(5);

    public static async Task<bool> RunAsync(string models, int count, int seed)
    {
        var root = Directory.CreateTempSubdirectory("rag-bench-watch-").FullName;
        var folder = Directory.CreateDirectory(Path.Combine(root, "documents")).FullName;
        var random = new Random(seed);
        var edits = new FolderEdits(folder, random);
        try
        {
            for (var file = 0; file < FilesAtFirst; file++)
            {
                await edits.EditAsync();
            }

            using var processes = new WatchProcesses(models, Path.Combine(root, "data"), folder, "watched");
            using var target = new Target(processes.Gateway, "dev");
            await processes.StartPlatformAsync(target);
            processes.StartWatch();
            var begin = Stopwatch.GetTimestamp();
            await EditAsync(edits, random, count, processes, target);
            var edited = Stopwatch.GetElapsedTime(begin);
            var (settled, differences) = await WaitAsync(target, folder);
            var search = await WatchedCollection.SearchAsync(target, "watched", folder, edits.Markers);
            Print(edits, count, seed, edited, settled, differences, search, processes.Complaints);
            return differences.Count == 0 && search.Wrong.Count == 0;
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>One edit in three comes in a burst without a pause.</summary>
    private static async Task EditAsync(FolderEdits edits, Random random, int count, WatchProcesses processes, Target target)
    {
        for (int edit = 0, burst = 0; edit < count; edit++)
        {
            if (edit == count * 4 / 10)
            {
                processes.KillWatch();
            }
            else if (edit == count / 2)
            {
                processes.StartWatch();
            }
            else if (edit == count * 7 / 10)
            {
                processes.KillPlatform();
            }
            else if (edit == count * 8 / 10)
            {
                await processes.StartPlatformAsync(target);
            }

            await edits.EditAsync();
            burst = burst > 0 ? burst - 1 : random.Next(2 * BurstEdits) == 0 ? BurstEdits : 0;
            if (burst == 0)
            {
                await Task.Delay(random.Next(LongestPauseMilliseconds));
            }
        }
    }

    /// <summary>Until they are equal, and still are a while later.</summary>
    private static async Task<(TimeSpan Settled, IReadOnlyList<string> Differences)> WaitAsync(Target target, string folder)
    {
        var begin = Stopwatch.GetTimestamp();
        while (true)
        {
            var differences = await WatchedCollection.CompareAsync(target, "watched", folder);
            var settled = Stopwatch.GetElapsedTime(begin);
            if (differences.Count > 0 && settled < Limit)
            {
                await Task.Delay(200);
                continue;
            }

            await Task.Delay(Still);
            return (settled, differences.Count > 0 ? differences : await WatchedCollection.CompareAsync(target, "watched", folder));
        }
    }

    private static void Print(
        FolderEdits edits, int count, int seed, TimeSpan edited, TimeSpan settled, IReadOnlyList<string> differences, (int Right, IReadOnlyList<string> Wrong) search, List<string> complaints)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} edits after the first {FilesAtFirst} (seed {seed}) in {edited.TotalSeconds:0.0} s; the watch was killed and started again, and later the platform."));
        Console.WriteLine(string.Join(", ", edits.Counts.OrderByDescending(entry => entry.Value).Select(entry => $"{entry.Value} {entry.Key}")));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{edits.Files().Count} files at the end; in step {settled.TotalSeconds:0.0} s after the last edit, and {Still.TotalSeconds:0} s later."));
        Console.WriteLine($"Differences: {(differences.Count == 0 ? "none" : string.Join("; ", differences))}");
        Console.WriteLine($"Searches for each of {edits.Markers.Count} words that some revision held: {search.Right} found in exactly the files that hold them now{(search.Wrong.Count == 0 ? "." : $"; wrong: {string.Join("; ", search.Wrong.Take(5))}")}");
        Console.WriteLine($"The watch told of {complaints.Count} troubles and failures{(complaints.Count == 0 ? "." : $": {string.Join(" ", complaints.Take(5))}")}");
    }
}
