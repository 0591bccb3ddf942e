using System.Globalization;
using System.Text;

namespace RagPlatform.Bench.Load.Watch;

/// <summary>What people and programs do to a folder of documents, at random and in an order that the seed decides.</summary>
/// <param name="folder">That is changed.</param>
/// <param name="random">Decides everything.</param>
internal sealed class FolderEdits(string folder, Random random)
{
    private static readonly string[] Words = "pump valve oil pressure limit filter shaft bearing plate unit hour leader range stop note check clean store move align".Split(' ');

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
    private int revision;

    /// <summary>How often each kind was done.</summary>
    public IReadOnlyDictionary<string, int> Counts => counts;

    /// <summary>Words that a file has held, each in one revision of one file alone.</summary>
    public List<string> Markers { get; } = [];

    public async Task EditAsync()
    {
        var files = Files();
        var (kind, edit) = random.Next(100) switch
        {
            < 24 => ("create", Create(NewPath())),
            < 40 when files.Count > 0 => ("change", () => Write(Any(files), Text())),
            < 44 when files.Count > 0 => ("change, same length and time", () => ChangeUnseen(Any(files))),
            < 54 when files.Count > 0 => ("append", () => File.AppendAllTextAsync(Any(files), $"\n\nAppended {Marker()}.")),
            < 64 when files.Count > 0 => ("delete", () => Done(() => File.Delete(Any(files)))),
            < 73 when files.Count > 0 => ("rename file", () => Done(() => Move(Any(files), NewPath()))),
            < 77 when Folders() is { Count: > 0 } folders => ("rename folder", () => Done(() => MoveFolder(Any(folders)))),
            < 78 when Folders() is { Count: > 4 } folders => ("delete folder", () => Done(() => Directory.Delete(Any(folders), recursive: true))),
            < 85 when files.Count > 0 => ("replace by rename", () => ReplaceAsync(Any(files))),
            < 91 when files.Count > 0 => ("touch", () => Done(() => File.SetLastWriteTimeUtc(Any(files), DateTime.UtcNow))),
            < 95 when files.Count > 0 => ("change of case", () => Done(() => ChangeCase(Any(files)))),
            < 98 when files.Count > 0 => ("rename over another", () => Done(() => File.Move(Any(files), Any(files), overwrite: true))),
            _ => ("slow write", () => WriteSlowlyAsync(NewPath())),
        };
        counts[kind] = counts.GetValueOrDefault(kind) + 1;
        await edit();
    }

    public List<string> Files() => [.. Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private List<string> Folders() => [.. Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private T Any<T>(List<T> from) => from[random.Next(from.Count)];

    private Func<Task> Create(string path) => () => Write(path, Text());

    private string NewPath()
    {
        var path = folder;
        for (var depth = random.Next(4); depth > 0; depth--)
        {
            path = Path.Combine(path, $"folder {random.Next(4)}");
        }

        return Path.Combine(path, $"{Words[random.Next(Words.Length)]} {random.Next(1000)}.md");
    }

    private string Marker()
    {
        Markers.Add(string.Create(CultureInfo.InvariantCulture, $"marker{++revision:D5}x"));
        return Markers[^1];
    }

    private string Text()
    {
        var text = new StringBuilder($"# About {Words[random.Next(Words.Length)]}\n\nThis is {Marker()}.");
        for (var word = random.Next(20, 120); word > 0; word--)
        {
            text.Append(' ').Append(Words[random.Next(Words.Length)]);
        }

        return text.Append(".\n").ToString();
    }

    private static Task Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return File.WriteAllTextAsync(path, text);
    }

    /// <summary>What only its content tells: as a file restored from a backup is.</summary>
    private async Task ChangeUnseen(string path)
    {
        var text = await File.ReadAllTextAsync(path);
        var time = File.GetLastWriteTimeUtc(path);
        var former = text.IndexOf("marker", StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, string.Concat(text.AsSpan(0, former), Marker(), text.AsSpan(former + 12)));
        File.SetLastWriteTimeUtc(path, time);
    }

    private async Task WriteSlowlyAsync(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read);
        foreach (var part in Text().Chunk(120))
        {
            await file.WriteAsync(Encoding.UTF8.GetBytes(part));
            await file.FlushAsync();
            await Task.Delay(120);
        }
    }

    /// <summary>As editors save.</summary>
    private async Task ReplaceAsync(string path)
    {
        await File.WriteAllTextAsync($"{path}.new", Text());
        File.Move($"{path}.new", path, overwrite: true);
    }

    private static void Move(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Move(from, to, overwrite: true);
    }

    private void MoveFolder(string path)
    {
        var to = Path.Combine(folder, $"moved {random.Next(1000)}");
        if (!Directory.Exists(to))
        {
            Directory.Move(path, to);
        }
    }

    private static void ChangeCase(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        File.Move(path, Path.Combine(Path.GetDirectoryName(path)!, $"{(char.IsLower(name[0]) ? char.ToUpperInvariant(name[0]) : char.ToLowerInvariant(name[0]))}{name[1..]}.md"), overwrite: true);
    }

    private static Task Done(Action edit)
    {
        edit();
        return Task.CompletedTask;
    }
}
