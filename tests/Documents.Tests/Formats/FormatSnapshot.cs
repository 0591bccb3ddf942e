using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats;

/// <summary>
/// What a format made of a document, block by block, beside an approved file in the test's folder. After a wanted change, run the
/// tests with RAG_APPROVE=1, read the difference and commit it.
/// </summary>
internal static class FormatSnapshot
{
    public static void ShouldBeAsApproved(this ExtractedDocument document, string name, [CallerFilePath] string testPath = "")
    {
        document.ShouldKeepItsPromises();
        var shown = Show(document);
        var folder = Path.GetDirectoryName(testPath)!;
        if (Environment.GetEnvironmentVariable("RAG_APPROVE") == "1")
        {
            File.WriteAllText(Path.Combine(folder, name + ".approved"), shown);
            return;
        }

        shown.ShouldBe(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Formats", Path.GetFileName(folder), name + ".approved")));
    }

    /// <summary>What holds for every document of every format.</summary>
    public static void ShouldKeepItsPromises(this ExtractedDocument document)
    {
        var end = 0;
        foreach (var block in document.Blocks)
        {
            // One assertion for all: a document may have half a million blocks.
            var isInOrder = block.Start >= end && block.Start < block.End && block.End <= document.Text.Length;
            var isTrimmed = isInOrder && !char.IsWhiteSpace(document.Text[block.Start]) && !char.IsWhiteSpace(document.Text[block.End - 1]);
            (isTrimmed && block.HeadingPath.All(heading => heading.Length > 0)).ShouldBeTrue($"{block} after {end}");
            end = block.End;
        }

        document.Text.ShouldNotContain('\0');
        document.Text.ShouldBe(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(document.Text)), "half a surrogate pair");
        document.Warnings.Count.ShouldBeLessThanOrEqualTo(DocumentExtractor.MaxWarnings);
    }

    private static string Show(ExtractedDocument document)
    {
        var shown = new StringBuilder($"title: {document.Title}\n");
        if (document.Properties.CreatedAt is { } created)
        {
            shown.Append(CultureInfo.InvariantCulture, $"created: {created:O}\n");
        }

        foreach (var (key, value) in document.Properties.Metadata)
        {
            shown.Append(CultureInfo.InvariantCulture, $"{key}: {value}\n");
        }

        foreach (var warning in document.Warnings)
        {
            shown.Append(CultureInfo.InvariantCulture, $"warning: {warning}\n");
        }

        foreach (var block in document.Blocks)
        {
            var location = block.Location is null ? "" : $" @ {block.Location}";
            shown.Append(CultureInfo.InvariantCulture, $"\n----- {block.Kind} [{string.Join(" > ", block.HeadingPath)}]{location}\n");
            shown.Append(document.Text, block.Start, block.End - block.Start).Append('\n');
        }

        return shown.ToString();
    }
}
