using System.Security.Cryptography;
using System.Text;
using RagPlatform.Contracts;
using RagPlatform.Documents;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.PutDocument;

/// <summary>What a submission must be (the limits are the proto's), and the version it becomes.</summary>
public static class SubmissionRules
{
    public const int MaxUriCharacters = 2048;
    public const int MaxTitleCharacters = 1024;
    public const int MaxMetadataEntries = 64;
    public const int MaxMetadataKeyCharacters = 128;
    public const int MaxMetadataValueCharacters = 1024;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field, its value and the limit.</exception>
    public static NewVersion Check(DocumentSubmission submission, int maxContentBytes, string? traceParent)
    {
        ArgumentNullException.ThrowIfNull(submission);
        var key = new DocumentKey(
            CheckTenant(submission.Tenant),
            CheckCollection(submission.Collection),
            CheckId(submission.Id.Length > 0 ? submission.Id : DefaultId(CheckUri(submission.Uri), submission.Content.Span)));
        CheckUri(submission.Uri);
        CheckLength("title", submission.Title, MaxTitleCharacters);
        CheckMetadata(submission.Metadata);
        CheckBatch(submission.BatchId);
        if (submission.Content.IsEmpty)
        {
            throw IngestionErrors.EmptyContent();
        }

        if (submission.Content.Length > maxContentBytes)
        {
            throw IngestionErrors.ContentTooLarge(submission.Content.Length, maxContentBytes);
        }

        var source = Detect(submission);
        return new NewVersion
        {
            Key = key,
            ContentHash = VersionHash.Compute(source.ContentType, submission.Title, submission.Uri, submission.Metadata, submission.Content.Span),
            ContentType = source.ContentType,
            Title = submission.Title,
            Uri = submission.Uri,
            Metadata = submission.Metadata,
            Content = submission.Content,
            BatchId = submission.BatchId,
            TraceParent = traceParent,
            Detail = source.Mismatch ?? "",
        };
    }

    public static string CheckTenant(string tenant) =>
        Names.IsTenant(Grpc.GrpcServer.RequireTenant(tenant))
            ? tenant
            : throw IngestionErrors.Invalid("tenant", $"'{IngestionErrors.Shorten(tenant)}' is no tenant name; it must match {Names.NamePattern}.", "Use 1 to 63 of a-z, 0-9, \"_\" and \"-\".");

    public static string CheckCollection(string collection) =>
        Names.IsCollection(collection)
            ? collection
            : throw IngestionErrors.Invalid("collection", $"'{IngestionErrors.Shorten(collection)}' is no collection name; it must match {Names.NamePattern}.", "Use 1 to 63 of a-z, 0-9, \"_\" and \"-\", beginning with a letter or digit.");

    /// <summary>Of a put: empty for none.</summary>
    public static string CheckBatch(string batchId) => batchId.Length == 0 ? batchId : RequireBatch(batchId);

    public static string RequireBatch(string batchId) =>
        Names.IsBatch(batchId)
            ? batchId
            : throw IngestionErrors.Invalid("batch_id", $"'{IngestionErrors.Shorten(batchId)}' is no batch id; it must match {Names.NamePattern}.", "Use 1 to 63 of a-z, 0-9, \"_\" and \"-\", beginning with a letter or digit.");

    public static string CheckId(string id) =>
        Names.IsDocumentId(id)
            ? id
            : throw IngestionErrors.Invalid("id", $"'{IngestionErrors.Shorten(id)}' ({id.Length} characters) is no document id; it must be 1 to {Names.MaxDocumentIdCharacters} characters, none a control character.", "Choose another id, or leave it out: it then is a hash of the uri, else of the content.");

    public static string CheckUri(string uri)
    {
        CheckLength("uri", uri, MaxUriCharacters);
        return uri;
    }

    /// <summary>32 hex digits: of the uri where there is one, else of the content.</summary>
    public static string DefaultId(string uri, ReadOnlySpan<byte> content) =>
        Convert.ToHexStringLower(SHA256.HashData(uri.Length > 0 ? Encoding.UTF8.GetBytes(uri) : content).AsSpan(0, 16));

    private static DocumentSource Detect(DocumentSubmission submission)
    {
        try
        {
            return DocumentExtractor.Detect(submission.Content, submission.ContentType, submission.Uri);
        }
        catch (ExtractionException exception)
        {
            throw IngestionErrors.Unsupported(exception);
        }
    }

    private static void CheckMetadata(IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.Count > MaxMetadataEntries)
        {
            throw IngestionErrors.Invalid("metadata", $"it has {metadata.Count} entries; the limit is {MaxMetadataEntries}.", "Leave out what nobody filters by.");
        }

        foreach (var (key, value) in metadata)
        {
            if (key.Length is 0 or > MaxMetadataKeyCharacters)
            {
                throw IngestionErrors.Invalid("metadata", $"the key '{IngestionErrors.Shorten(key)}' has {key.Length} characters; 1 to {MaxMetadataKeyCharacters} are allowed.", "Shorten the key.");
            }

            CheckLength($"metadata.{key}", value, MaxMetadataValueCharacters);
        }
    }

    private static void CheckLength(string field, string value, int limit)
    {
        if (value.Length > limit)
        {
            throw IngestionErrors.Invalid(field, $"it has {value.Length} characters; the limit is {limit}.", "Shorten it.");
        }
    }
}
