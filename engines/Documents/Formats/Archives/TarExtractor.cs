using System.Formats.Tar;
using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Reads the regular files of a TAR. Nothing is written anywhere, and links, devices and pipes are told and left out.</summary>
internal static class TarExtractor
{
    private const string Format = "TAR";

    /// <param name="stream">May be unpacked while it is read; what it throws goes on.</param>
    /// <param name="title">The archive's file name.</param>
    /// <param name="context">The extraction's budgets.</param>
    /// <exception cref="ExtractionException">Damaged, UnsafeArchive, TooLarge, or what hinders the first file when none can be read.</exception>
    public static ExtractedDocument Extract(Stream stream, string title, ExtractionContext context)
    {
        var files = new ArchiveFiles(Format, context);
        using var reader = new TarReader(stream, leaveOpen: true);
        try
        {
            while (reader.GetNextEntry() is { } entry)
            {
                context.CancellationToken.ThrowIfCancellationRequested();
                Add(files, entry);
            }
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or ArgumentException or FormatException or OverflowException or InvalidOperationException or NotSupportedException)
        {
            throw ExtractionException.Damaged(Format, $"its headers are broken, or it is cut off ({failure.Message.TrimEnd('.')})");
        }

        return files.Build(title);
    }

    private static void Add(ArchiveFiles files, TarEntry entry)
    {
        switch (entry.EntryType)
        {
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                files.Add(ArchivePath.Checked(entry.Name, Format), () => ReadAll(entry));
                break;
            case TarEntryType.Directory or TarEntryType.GlobalExtendedAttributes or TarEntryType.DirectoryList or TarEntryType.TapeVolume:
                break;
            default:
                files.Skip(ArchivePath.Checked(entry.Name, Format), new ExtractionException(
                    ExtractionErrorCode.UnsafeArchive,
                    $"it is a {entry.EntryType}, and only regular files are read.",
                    "Pack the files themselves (tar --dereference)."));
                break;
        }
    }

    private static ReadOnlyMemory<byte> ReadAll(TarEntry entry)
    {
        if (entry.Length > DocumentExtractor.MaxContentBytes)
        {
            throw new ExtractionException(
                ExtractionErrorCode.TooLarge,
                string.Create(CultureInfo.InvariantCulture, $"it has {entry.Length} bytes; the limit is {DocumentExtractor.MaxContentBytes}."),
                "Split it into smaller documents.");
        }

        using var content = new MemoryStream();
        entry.DataStream?.CopyTo(content);
        return content.Length == entry.Length ? content.ToArray() : throw new EndOfStreamException($"{entry.Name} ends after {content.Length} of {entry.Length} bytes");
    }
}
