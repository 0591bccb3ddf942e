using System.Text.Json;

namespace RagPlatform.Embedding.Models;

/// <param name="Name">Within the repository, with "/".</param>
/// <param name="Bytes">Exact size.</param>
/// <param name="Sha256">Lower-case hex; null of a file outside Git LFS, whose content only <paramref name="GitBlob"/> tells.</param>
/// <param name="GitBlob">SHA-1 of "blob SIZE\0" and the content; of a file in Git LFS it is the pointer's.</param>
internal sealed record HubFile(string Name, long Bytes, string? Sha256, string GitBlob);

/// <summary>What a hub says of one commit of a repository (GET /api/models/REPOSITORY/revision/REVISION?blobs=true).</summary>
/// <param name="Commit">40 hex digits.</param>
/// <param name="License">As the model's card states it; empty where it does not.</param>
/// <param name="Files">Those with a size; the others cannot be pinned.</param>
internal sealed record HubListing(string Commit, string License, IReadOnlyList<HubFile> Files)
{
    private const int MaxFiles = 20_000;

    /// <exception cref="InvalidDataException">The answer is not of the form.</exception>
    public static HubListing Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 32 });
            var root = document.RootElement;
            var commit = root.GetProperty("sha").GetString() ?? "";
            var siblings = root.GetProperty("siblings");
            if (!ModelNames.IsCommit(commit) || siblings.GetArrayLength() > MaxFiles)
            {
                throw new InvalidDataException($"it names the commit '{commit}' with {siblings.GetArrayLength()} files; a commit has 40 hex digits, and {MaxFiles} files are the limit");
            }

            HubFile[] files = [.. siblings.EnumerateArray().Select(FileOf).OfType<HubFile>()];
            return files.GroupBy(file => file.Name).FirstOrDefault(group => group.Skip(1).Any()) is { } twice
                ? throw new InvalidDataException($"it lists {twice.Key} twice")
                : new HubListing(commit, LicenseOf(root), files);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"it is not a hub's listing: {exception.Message}", exception);
        }
    }

    private static HubFile? FileOf(JsonElement sibling)
    {
        var name = sibling.GetProperty("rfilename").GetString() ?? "";
        var isLarge = sibling.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        var sha256 = isLarge ? lfs.GetProperty("sha256").GetString() ?? "" : null;
        var blob = sibling.TryGetProperty("blobId", out var id) ? id.GetString() ?? "" : "";
        if (!sibling.TryGetProperty("size", out var size) || !ModelNames.IsFile(name))
        {
            return null;
        }

        return size.GetInt64() is >= 0 and <= ModelNames.MaxFileBytes && (sha256 is null ? ModelNames.IsCommit(blob) : ModelNames.IsSha256(sha256))
            ? new HubFile(name, size.GetInt64(), sha256, blob)
            : throw new InvalidDataException($"it lists {name} with {size.GetInt64()} bytes or without a hash");
    }

    private static string LicenseOf(JsonElement root)
    {
        if (!root.TryGetProperty("cardData", out var card) || card.ValueKind != JsonValueKind.Object || !card.TryGetProperty("license", out var license))
        {
            return "";
        }

        var text = license.ValueKind switch
        {
            JsonValueKind.String => license.GetString()!,
            JsonValueKind.Array => string.Join(", ", license.EnumerateArray().Select(item => item.ToString())),
            _ => "",
        };
        // "other" says nothing; its name does.
        text = text == "other" && card.TryGetProperty("license_name", out var name) && name.ValueKind == JsonValueKind.String ? name.GetString()! : text;
        return CatalogValidation.License(text);
    }
}
