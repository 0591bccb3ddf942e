using RagPlatform.Documents;

namespace RagPlatform.Ingestion.Registry;

/// <summary>The closed set of reasons for which a version fails after it was accepted.</summary>
public static class DocumentFailures
{
    private const string PutAgain = "Put the same document again to begin anew.";

    public static DocumentFailure TooManyAttempts(DocumentState state, int attempts) => new(
        state.Name(), "TOO_MANY_ATTEMPTS",
        $"It was begun {attempts} times and never finished: the process stopped each time, or the work stalled.",
        "Look for what ended the service in its log at these times. " + PutAgain, attempts);

    public static DocumentFailure DependencyDown(DocumentState state, string reason, int attempts) => new(
        state.Name(), "DEPENDENCY_UNAVAILABLE", reason, "Check that every service is running (rag status). " + PutAgain, attempts);

    public static DocumentFailure NotExtracted(ExtractionException exception)
    {
        ArgumentNullException.ThrowIfNull(exception);
        return new(DocumentState.Extracting.Name(), Code(exception.Code), exception.Message, exception.Remedy);
    }

    public static DocumentFailure NoChunks(long textCharacters) => new(
        DocumentState.Chunking.Name(), Code(ExtractionErrorCode.NoText),
        $"content: its {textCharacters} characters of text gave 0 chunks.", "Send a document with text in it.");

    public static DocumentFailure ModelUnknown(string collection, string reason) => new(
        DocumentState.Chunking.Name(), "MODEL_UNKNOWN", reason,
        $"Bring the model back, or take the collection to another one (rag collections rebuild {collection} --model MODEL). " + PutAgain);

    /// <summary>A consumer gave up after its retries.</summary>
    public static DocumentFailure StepFailed(DocumentState step, string reason) => new(
        step.Name(), "STEP_FAILED", reason, "Look up the document's trace for the error. " + PutAgain);

    public static string Code(ExtractionErrorCode code) => code switch
    {
        ExtractionErrorCode.UnsupportedContentType => "UNSUPPORTED_CONTENT_TYPE",
        ExtractionErrorCode.InvalidEncoding => "INVALID_ENCODING",
        ExtractionErrorCode.NoText => "NO_TEXT",
        ExtractionErrorCode.TooDeep => "TOO_DEEP",
        ExtractionErrorCode.TooLarge => "TOO_LARGE",
        ExtractionErrorCode.Damaged => "DAMAGED",
        ExtractionErrorCode.Encrypted => "ENCRYPTED",
        ExtractionErrorCode.Scanned => "SCANNED",
        ExtractionErrorCode.ToolMissing => "TOOL_MISSING",
        ExtractionErrorCode.TimedOut => "TIMED_OUT",
        ExtractionErrorCode.OutOfResources => "OUT_OF_RESOURCES",
        ExtractionErrorCode.UnsafeArchive => "UNSAFE_ARCHIVE",
        _ => throw new ArgumentOutOfRangeException(nameof(code), code, "It is no extraction error."),
    };
}
