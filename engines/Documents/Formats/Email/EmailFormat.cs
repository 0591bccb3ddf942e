namespace RagPlatform.Documents;

/// <summary>E-mail messages as mail programs save them (RFC 5322, RFC 2045 to 2047).</summary>
internal sealed class EmailFormat : IDocumentFormat
{
    private const int SniffedBytes = 16 * 1024;

    private static readonly string[] Senders = ["from", "sender", "return-path"];

    /// <summary>Only programs write these; a memo has From, To, Date and Subject too.</summary>
    private static readonly string[] MachineFields = ["message-id", "mime-version", "received", "return-path", "content-type", "dkim-signature", "x-mailer"];

    public string ContentType => "message/rfc822";

    public IReadOnlyList<string> OtherContentTypes { get; } = ["message/global"];

    public IReadOnlyList<string> Extensions { get; } = [".eml"];

    public bool IsText => true;

    public bool Recognizes(ReadOnlyMemory<byte> content)
    {
        var headers = MimeHeaders.Parse(content[..Math.Min(content.Length, SniffedBytes)], out _);
        return headers.Count >= 3 && Senders.Any(headers.Has) && MachineFields.Any(headers.Has);
    }

    public ExtractedDocument Extract(DocumentSource source, ExtractionContext context) => new EmailExtractor(context).Extract(source.Content);
}
