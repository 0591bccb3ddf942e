using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>
/// The files of an archive, one under another, each under its path as heading and place. A file that cannot be read is a warning;
/// when none can, the archive fails for the reason of the first. What only a hostile archive does fails all of it.
/// </summary>
internal sealed class ArchiveFiles(string format, ExtractionContext context)
{
    /// <summary>Told one by one; the others are counted.</summary>
    private const int MaxToldFailures = 10;

    private static readonly string[] Litter = ["__MACOSX", "Thumbs.db", "desktop.ini"];

    private readonly DocumentTextBuilder _builder = new();
    private int _read;
    private int _failed;
    private string _firstPath = "";
    private ExtractionException? _firstFailure;

    /// <summary>Hidden files, and what operating systems leave behind.</summary>
    public static bool IsLitter(string path) => path.Split('/').Any(name => name.StartsWith('.') || Litter.Contains(name, StringComparer.OrdinalIgnoreCase));

    /// <param name="path">Inside the archive, checked.</param>
    /// <param name="read">Unpacks it.</param>
    public void Add(string path, Func<ReadOnlyMemory<byte>> read)
    {
        context.CancellationToken.ThrowIfCancellationRequested();
        if (IsLitter(path))
        {
            return;
        }

        ExtractedDocument file;
        try
        {
            file = context.ExtractPart(read(), "", path);
        }
        catch (ExtractionException failure) when (failure.Code != ExtractionErrorCode.UnsafeArchive && !context.IsSpent)
        {
            Skip(path, failure);
            return;
        }

        Write(path, file);
    }

    public void Skip(string path, ExtractionException failure)
    {
        _failed++;
        if (_firstFailure is null)
        {
            _firstFailure = failure;
            _firstPath = path;
        }

        if (_failed <= MaxToldFailures)
        {
            _builder.AddWarning($"{path} was not read: {Reason(failure)}");
        }
    }

    /// <summary>Why a part of a document was not read, without the list of all that could be.</summary>
    public static string Reason(ExtractionException failure)
    {
        var list = failure.Code == ExtractionErrorCode.UnsupportedContentType ? failure.Message.IndexOf("; supported are ", StringComparison.Ordinal) : -1;
        return list < 0 ? failure.Message
            : failure.Message.StartsWith("content_type", StringComparison.Ordinal) ? "it is of no format that can be read."
            : failure.Message[..list] + ".";
    }

    /// <param name="title">The archive's file name; the first file's path when empty.</param>
    /// <exception cref="ExtractionException">No file could be read.</exception>
    public ExtractedDocument Build(string title)
    {
        if (_read == 0 && _firstFailure is not null)
        {
            throw new ExtractionException(
                _firstFailure.Code,
                string.Create(CultureInfo.InvariantCulture, $"content: of {_failed} files in the {format} none can be read; the first is {_firstPath}: {Reason(_firstFailure)}"),
                _firstFailure.Remedy);
        }

        if (_failed > MaxToldFailures)
        {
            _builder.AddWarning(string.Create(CultureInfo.InvariantCulture, $"{_failed - MaxToldFailures} further files of the {format} were not read."));
        }

        return _builder.Build(title);
    }

    private void Write(string path, ExtractedDocument file)
    {
        _read++;
        if (file.Blocks.Count == 0)
        {
            return;
        }

        _builder.Location = new SourceLocation(LocationKind.Part, 0, path);
        _builder.AddHeading(1, path);
        _builder.AddDocument(file with { Warnings = [.. file.Warnings.Select(warning => $"{path}: {warning}")] }, headingLevel: 1);
    }
}
