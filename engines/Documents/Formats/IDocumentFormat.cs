namespace RagPlatform.Documents;

/// <summary>
/// A format that documents come in: how to tell it, and how to read it. A new one is a folder beside this file and a line in
/// <see cref="DocumentFormats"/>.
/// </summary>
public interface IDocumentFormat
{
    /// <summary>The media type that documents of this format are recorded with, lower case, without parameters.</summary>
    string ContentType { get; }

    /// <summary>Further media types that mean this format.</summary>
    IReadOnlyList<string> OtherContentTypes { get; }

    /// <summary>Of file names, with the dot, lower case; the usual one first.</summary>
    IReadOnlyList<string> Extensions { get; }

    /// <summary>
    /// True when the bytes are of this format and of none that stands after it in <see cref="DocumentFormats.All"/>: by a
    /// signature, or by what is said at their start. False where only a name or a declaration can tell.
    /// </summary>
    /// <param name="content">All of it; may be anything. To be answered in time linear in a few kilobytes.</param>
    bool Recognizes(ReadOnlyMemory<byte> content);

    /// <summary>Its files are text, which may look like that of another format: then a declaration or a name decides between them.</summary>
    bool IsText => false;

    /// <exception cref="ExtractionException">Why its text cannot be had.</exception>
    /// <exception cref="OperationCanceledException">The context's token, to be looked at in loops over the content; the parsers of Markdown, plain text and source code do not.</exception>
    ExtractedDocument Extract(DocumentSource source, ExtractionContext context);
}

/// <summary>A document as it came.</summary>
/// <param name="Content">Its bytes.</param>
/// <param name="ContentType">As <see cref="DocumentExtractor.Detect"/> found it; parameters such as "; charset=utf-8" may follow.</param>
/// <param name="Name">Its file name or uri; empty where it has none.</param>
public sealed record DocumentSource(ReadOnlyMemory<byte> Content, string ContentType, string Name = "")
{
    /// <summary>A sentence where the content is not what was declared; null where it is.</summary>
    public string? Mismatch { get; init; }

    /// <summary>The name without folders, query and fragment; empty where there is none.</summary>
    public string FileName
    {
        get
        {
            var end = Name.AsSpan().IndexOfAny('?', '#');
            var path = end < 0 ? Name : Name[..end];
            return path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
        }
    }
}
