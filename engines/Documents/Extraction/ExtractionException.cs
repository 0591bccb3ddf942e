namespace RagPlatform.Documents;

/// <summary>Why a document's text could not be had: the closed set of this engine's failures.</summary>
public enum ExtractionErrorCode
{
    UnsupportedContentType,
    InvalidEncoding,
    NoText,
    TooDeep,
    TooLarge,
}

/// <summary>The content cannot be extracted. The message names the field, the value and the limit.</summary>
public sealed class ExtractionException(ExtractionErrorCode code, string message, string remedy) : Exception(message)
{
    public ExtractionErrorCode Code { get; } = code;

    /// <summary>What the document's owner can do about it.</summary>
    public string Remedy { get; } = remedy;
}
