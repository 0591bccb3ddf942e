namespace RagPlatform.Documents;

/// <summary>Paths inside archives: nothing that a program which unpacks them would write outside its folder.</summary>
internal static class ArchivePath
{
    /// <summary>With '/', without "./" at the start.</summary>
    /// <exception cref="ExtractionException">UnsafeArchive.</exception>
    public static string Checked(string name, string format)
    {
        var path = name.Replace('\\', '/');
        var leadsOut = path.StartsWith('/') || path is [_, ':', ..] || path.Contains('\0', StringComparison.Ordinal) || path.Split('/').Contains("..");
        return !leadsOut
            ? path.StartsWith("./", StringComparison.Ordinal) ? path[2..] : path
            : throw new ExtractionException(
                ExtractionErrorCode.UnsafeArchive,
                $"content: the {format} has an entry \"{(name.Length <= 100 ? name : name[..100] + "…").Replace("\0", "\\0", StringComparison.Ordinal)}\", which leads out of the archive.",
                "Pack the files again with a usual program, from inside their folder.");
    }
}
