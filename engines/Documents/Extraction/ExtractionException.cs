using System.Globalization;

namespace RagPlatform.Documents;

/// <summary>Why a document's text could not be had: the closed set of this engine's failures.</summary>
public enum ExtractionErrorCode
{
    UnsupportedContentType,
    InvalidEncoding,
    NoText,
    TooDeep,
    TooLarge,
    /// <summary>It is not what it says it is, or ends too early.</summary>
    Damaged,
    /// <summary>It asks for a password.</summary>
    Encrypted,
    /// <summary>Its pages are pictures: it has to be read by a text recognition first.</summary>
    Scanned,
    /// <summary>A program that this format needs is not installed.</summary>
    ToolMissing,
    /// <summary>It took longer than a document may take.</summary>
    TimedOut,
    /// <summary>It took more memory than a document may take, or ended the process that read it.</summary>
    OutOfResources,
    /// <summary>An archive whose entries lead out of it, or that was made to explode.</summary>
    UnsafeArchive,
}

/// <summary>The content cannot be extracted. The message names the field, the value and the limit.</summary>
public sealed class ExtractionException(ExtractionErrorCode code, string message, string remedy) : Exception(message)
{
    public ExtractionErrorCode Code { get; } = code;

    /// <summary>What the document's owner can do about it.</summary>
    public string Remedy { get; } = remedy;

    internal static ExtractionException TextTooLong() => new(
        ExtractionErrorCode.TooLarge,
        string.Create(CultureInfo.InvariantCulture, $"content gives more than {DocumentExtractor.MaxTextCharacters} characters of text, which is the limit."),
        "Split the document into smaller ones.");

    internal static ExtractionException TooManyBlocks() => new(
        ExtractionErrorCode.TooLarge,
        $"content has more than {DocumentExtractor.MaxBlocks} blocks (paragraphs, list items, rows), which is the limit.",
        "Split the document into smaller ones.");

    /// <param name="format">As people call it, such as "DOCX".</param>
    /// <param name="problem">What is wrong where, such as "word/document.xml is not well-formed at line 3".</param>
    internal static ExtractionException Damaged(string format, string problem) => new(
        ExtractionErrorCode.Damaged, $"content is no readable {format}: {problem}.", $"Open it in the program that made it and save it again as {format}.");
}
