namespace RagPlatform.CommandLine.Watch;

/// <summary>Signs of change since the last look, by path from the watched folder with "/".</summary>
/// <param name="files">When each was last changed.</param>
/// <param name="trees">When each came, went or was renamed: it may be a folder.</param>
/// <param name="allAt">When so much happened that the rest was lost: every file may have changed; null when it did not.</param>
internal sealed class FolderTouches(IReadOnlyDictionary<string, DateTimeOffset> files, IReadOnlyDictionary<string, DateTimeOffset> trees, DateTimeOffset? allAt)
{
    public static FolderTouches None { get; } = new(new Dictionary<string, DateTimeOffset>(), new Dictionary<string, DateTimeOffset>(), allAt: null);

    public static FolderTouches All(DateTimeOffset at) => new(None.files, None.trees, at);

    private readonly IReadOnlyDictionary<string, DateTimeOffset> files = files;
    private readonly IReadOnlyDictionary<string, DateTimeOffset> trees = trees;

    /// <summary>When the file was last touched, or a folder that it is in; null when it was not.</summary>
    public DateTimeOffset? At(string path)
    {
        var latest = allAt;
        Take(files, path);
        for (var end = path.Length; trees.Count > 0 && end > 0; end = path.LastIndexOf('/', end - 1))
        {
            Take(trees, path[..end]);
        }

        return latest;

        void Take(IReadOnlyDictionary<string, DateTimeOffset> touched, string at)
        {
            if (touched.TryGetValue(at, out var time) && !(latest > time))
            {
                latest = time;
            }
        }
    }
}
