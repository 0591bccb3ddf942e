using RagPlatform.Search;
using RagPlatform.Search.Files;

namespace RagPlatform.Bench.Engines.Crash;

/// <summary>
/// The process that is killed. It opens the index and says what it found; then it replaces, removes and re-indexes
/// documents, with maintenance beside it, and says of each operation when it begins and when it is acknowledged. It never
/// ends by itself. A line is whole when it ends in a semicolon.
/// </summary>
internal static class CrashLoad
{
    private const int Writers = 4;
    private const int DocumentsPerWriter = 40;

    public static async Task<int> RunAsync(string folder, int round, TextWriter output)
    {
        var lines = TextWriter.Synchronized(output);
        await lines.WriteLineAsync("opening;");
        await using var index = CollectionIndex.Open(new DirectoryIndexFiles(folder), CrashDocuments.Options, TimeProvider.System);
        foreach (var lost in index.Describe().LostSegments)
        {
            await lines.WriteLineAsync($"lost {lost.File};");
        }

        foreach (var held in index.Documents())
        {
            var isRight = index.Read(held.DocumentId) is { } document && document.Version == held.Version && CrashDocuments.IsRight(document);
            await lines.WriteLineAsync($"{(isRight ? "held" : "wrong")} {held.DocumentId} {held.Version};");
        }

        await lines.WriteLineAsync("ready;");
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(() => WriteAsync(index, writer, round, lines))).Append(MaintainAsync(index)));
        return 0;
    }

    private static async Task MaintainAsync(CollectionIndex index)
    {
        while (true)
        {
            await Task.Yield();
            await index.MaintainAsync(CancellationToken.None);
        }
    }

    private static async Task WriteAsync(CollectionIndex index, int writer, int round, TextWriter lines)
    {
        var random = new Random((round * Writers) + writer);
        for (var version = (long)round << 32; ; version++)
        {
            var id = $"d{writer}-{random.Next(DocumentsPerWriter)}";
            switch (random.Next(100))
            {
                case 0:
                    var all = version;
                    await Task.WhenAll(Enumerable.Range(0, DocumentsPerWriter).Select(document => ReplaceAsync(index, $"d{writer}-{document}", all, lines)));
                    break;
                case < 25:
                    await lines.WriteLineAsync($"begin {id} 0;");
                    await index.RemoveAsync(id, CancellationToken.None);
                    await lines.WriteLineAsync($"done {id} 0;");
                    break;
                default:
                    await ReplaceAsync(index, id, version, lines);
                    break;
            }
        }
    }

    private static async Task ReplaceAsync(CollectionIndex index, string id, long version, TextWriter lines)
    {
        await lines.WriteLineAsync($"begin {id} {version};");
        await index.ReplaceAsync(CrashDocuments.Of(id, version), CancellationToken.None);
        await lines.WriteLineAsync($"done {id} {version};");
    }
}
