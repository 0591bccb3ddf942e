namespace RagPlatform.Embedding.Models;

/// <summary>Whether an entry of a catalog that people may edit can be trusted with a folder, a download and a child process.</summary>
internal static class CatalogValidation
{
    private const int MaxLicenseCharacters = 200;

    /// <summary>What is wrong with the entry, naming the field, the value and the rule; null when nothing is.</summary>
    public static string? Problem(CatalogModel model)
    {
        if (!ModelNames.IsId(model.Id))
        {
            return Wrong("id", model.Id, $"it must be {ModelNames.IdRule}");
        }

        if (model.License.Length > MaxLicenseCharacters || model.License.Any(char.IsControl))
        {
            return Wrong("license", model.License, $"it must be at most {MaxLicenseCharacters} characters without control characters");
        }

        return model.Sources.Count is 0 or > ModelNames.MaxSources
            ? Wrong("sources", $"{model.Sources.Count} sources", $"there must be 1 to {ModelNames.MaxSources}")
            : model.Sources.Select((source, index) => source is null ? $"sources[{index}] is null" : Problem(source, $"sources[{index}]")).FirstOrDefault(problem => problem is not null);
    }

    /// <summary>What somebody states as a license, as an entry may hold it.</summary>
    public static string License(string stated)
    {
        var text = string.Concat(stated.Where(character => !char.IsControl(character))).Trim();
        return text.Length <= MaxLicenseCharacters ? text : text[..MaxLicenseCharacters];
    }

    private static string? Problem(ModelSource source, string field)
    {
        var (nameIsGood, nameRule, versionIsGood, versionRule) = source.Kind switch
        {
            ModelSourceKind.Hub => (ModelNames.IsRepository(source.Name), "OWNER/REPOSITORY", ModelNames.IsCommit(source.Version), "a commit, 40 lower-case hex digits"),
            ModelSourceKind.Npm => (ModelNames.IsNpmPackage(source.Name), "the name of an npm package", ModelNames.IsNpmVersion(source.Version), "an exact version, such as 1.2.3"),
            _ => (Path.IsPathFullyQualified(source.Name), "an absolute path", ModelNames.IsCommit(source.Version), "40 lower-case hex digits"),
        };
        if (!nameIsGood)
        {
            return Wrong($"{field}.name", source.Name, $"it must be {nameRule}");
        }

        if (!versionIsGood)
        {
            return Wrong($"{field}.version", source.Version, $"it must be {versionRule}");
        }

        if (source.Folder is { } folder && !ModelNames.IsFile(folder))
        {
            return Wrong($"{field}.folder", folder, "it must be a relative path with \"/\" of letters, digits, \".\", \"_\" and \"-\"");
        }

        if (source.Files.Count is 0 or > ModelNames.MaxFiles)
        {
            return Wrong($"{field}.files", $"{source.Files.Count} files", $"there must be 1 to {ModelNames.MaxFiles}");
        }

        return source.Files.Select((file, index) => file is null ? $"{field}.files[{index}] is null" : Problem(file, $"{field}.files[{index}]")).FirstOrDefault(problem => problem is not null)
            ?? (source.Files.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice
                ? Wrong($"{field}.files", twice.Key, "it is there twice")
                : null);
    }

    private static string? Problem(ModelFile file, string field) =>
        !ModelNames.IsFile(file.Name) ? Wrong($"{field}.name", file.Name, "it must be a relative path with \"/\" of letters, digits, \".\", \"_\" and \"-\"")
        : file.Bytes is < 0 or > ModelNames.MaxFileBytes ? Wrong($"{field}.bytes", $"{file.Bytes}", $"it must be 0 to {ModelNames.MaxFileBytes}")
        : !ModelNames.IsSha256(file.Sha256) ? Wrong($"{field}.sha256", file.Sha256, "it must be 64 lower-case hex digits")
        : null;

    private static string Wrong(string field, string value, string rule) => $"{field} is '{(value.Length > 80 ? value[..80] + "..." : value)}'; {rule}";
}
