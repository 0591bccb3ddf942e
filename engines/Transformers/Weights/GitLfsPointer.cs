namespace RagPlatform.Transformers.Weights;

/// <summary>What Git leaves in the place of a large file that was not fetched: a few lines of text (git-lfs, docs/spec.md).</summary>
internal static class GitLfsPointer
{
    private static readonly byte[] Beginning = "version https://git-lfs"u8.ToArray();

    /// <exception cref="InvalidDataException">The file is such a pointer.</exception>
    public static void Refuse(IModelFiles files, string name)
    {
        using var stream = files.Open(name);
        Span<byte> head = stackalloc byte[Beginning.Length];
        var read = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (head[..read].SequenceEqual(Beginning))
        {
            throw new InvalidDataException($"{name} is a Git LFS pointer, not the file itself; fetch it with: git lfs pull.");
        }
    }
}
