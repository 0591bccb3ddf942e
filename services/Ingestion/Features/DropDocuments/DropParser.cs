using Microsoft.Extensions.Options;
using RagPlatform.Contracts;
using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Ingestion.Features.StageContent;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>
/// Reads a drop: <c>{"id"?, "collection", "uri"?, "title"?, "contentType"?, "text" | "contentBase64" | "contentRef", "metadata"?,
/// "operation"?: "upsert" | "delete", "batch"?, "tenant"?, "apiKey"?}</c>. First whose it is, so that every later finding is that
/// document's; then what it says.
/// </summary>
public sealed class DropParser(DropTenants tenants, IOptions<IngestionOptions> options)
{
    private const string Text = "text";
    private const string ContentBase64 = "contentBase64";
    private const string ContentRef = "contentRef";

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <exception cref="DropRejectedException">And nothing else, whatever the bytes are.</exception>
    public Drop Parse(ReadOnlyMemory<byte> body)
    {
        if (body.Span.StartsWith(ByteOrderMark))
        {
            body = body[ByteOrderMark.Length..];
        }

        var fields = DropFields.Read(body.Span);
        var tooLarge = body.Length > options.Value.MaxDropBytes
            ? new DropRejectedException("BODY_TOO_LARGE", "body", $"it has {body.Length} bytes; the limit is {options.Value.MaxDropBytes}.", "Stage the content (StageContent of the gateway) and send its contentRef in the drop, or upload the document through the gateway; or raise Ingestion:MaxDropBytes.")
            : null;
        DocumentSubmission identity;
        var tenant = "";
        try
        {
            tenant = tenants.Resolve(ReadString("tenant", fields, body), ReadString("apiKey", fields, body));
            identity = ReadIdentity(tenant, fields, body);
        }
        catch (DropRejectedException finding)
        {
            throw (tooLarge ?? finding).For(tenant);
        }

        var document = identity.Id.Length > 0 ? new DocumentKey(identity.Tenant, identity.Collection, identity.Id) : null;
        try
        {
            var batch = DropValues.ReadString("batch", fields.Find("batch", body));
            identity = identity with { BatchId = batch.Length > 0 ? Check("batch", batch, SubmissionRules.CheckBatch) : "" };
            return (tooLarge ?? fields.Finding) is { } finding ? throw finding : ReadDrop(fields, body, identity);
        }
        catch (DropRejectedException rejection)
        {
            throw rejection.For(tenant, document, identity.BatchId);
        }
    }

    /// <summary>Collection, uri, and the id if it does not depend on the content.</summary>
    private static DocumentSubmission ReadIdentity(string tenant, DropFields fields, ReadOnlyMemory<byte> body)
    {
        var collection = Check("collection", ReadString("collection", fields, body), SubmissionRules.CheckCollection);
        var uri = Check("uri", ReadString("uri", fields, body), SubmissionRules.CheckUri);
        var id = ReadString("id", fields, body);
        id = id.Length > 0 ? Check("id", id, SubmissionRules.CheckId) : uri.Length > 0 ? SubmissionRules.DefaultId(uri, default) : "";
        return new DocumentSubmission { Tenant = tenant, Collection = collection, Id = id, Uri = uri };
    }

    private static string ReadString(string field, DropFields fields, ReadOnlyMemory<byte> body) => DropValues.ReadString(field, fields.Find(field, body));

    private static Drop ReadDrop(DropFields fields, ReadOnlyMemory<byte> body, DocumentSubmission identity)
    {
        var text = fields.Find(Text, body);
        var base64 = fields.Find(ContentBase64, body);
        var staged = fields.Find(ContentRef, body);
        var operation = DropValues.ReadString("operation", fields.Find("operation", body));
        switch (operation)
        {
            case "delete":
                return ReadDeletion(identity, text is not null ? Text : base64 is not null ? ContentBase64 : staged is not null ? ContentRef : null);
            case not ("" or "upsert"):
                throw new DropRejectedException("UNKNOWN_OPERATION", "operation", $"'{(operation.Length <= 80 ? operation : operation[..80])}' is none; upsert and delete are.", "Leave it out to put the document.");
        }

        ContentReference? reference = null;
        ReadOnlyMemory<byte> content = default;
        switch (text, base64, staged)
        {
            case ({ } given, null, null):
                content = DropValues.ReadText(Text, given);
                break;
            case (null, { } given, null):
                content = DropValues.ReadBase64(ContentBase64, given);
                break;
            case (null, null, { } given):
                reference = ReadReference(DropValues.ReadString(ContentRef, given));
                break;
            case (null, null, null):
                throw new DropRejectedException("NO_CONTENT", Text, "none of text, contentBase64 and contentRef is there.", "Send the document's text in text, its bytes in contentBase64, or the reference of staged content in contentRef.");
            default:
                throw new DropRejectedException("NO_CONTENT", Text, "more than one of text, contentBase64 and contentRef is there.", "Send one of them.");
        }

        return new Drop(
            identity with
            {
                Id = identity.Id.Length > 0 ? identity.Id : reference?.DefaultId ?? SubmissionRules.DefaultId("", content.Span),
                Title = DropValues.ReadString("title", fields.Find("title", body)),
                ContentType = DropValues.ReadString("contentType", fields.Find("contentType", body)),
                Metadata = DropValues.ReadMetadata("metadata", fields.Find("metadata", body), SubmissionRules.MaxMetadataEntries),
                Content = content,
            },
            IsDeletion: false,
            text is not null ? Text : base64 is not null ? ContentBase64 : ContentRef,
            reference);
    }

    private static ContentReference ReadReference(string value) =>
        ContentReference.TryParse(value) ?? throw new DropRejectedException("INVALID_FIELD", ContentRef, $"'{IngestionErrors.Shorten(value)}' is no reference of staged content.", "Send the content_ref that StageContent answered with.");

    private static Drop ReadDeletion(DocumentSubmission identity, string? contentField)
    {
        if (contentField is not null)
        {
            throw new DropRejectedException("UNEXPECTED_CONTENT", contentField, "operation delete takes no content.", "Leave the content out, or the operation.");
        }

        return identity.Id.Length > 0
            ? new Drop(identity, IsDeletion: true, Text)
            : throw new DropRejectedException("NO_ID", "id", "operation delete needs id or uri; neither is there.", "Name the document to delete.");
    }

    private static string Check(string field, string value, Func<string, string> rule)
    {
        try
        {
            return value.Length > 0 || field == "uri"
                ? rule(value)
                : throw new DropRejectedException("MISSING_FIELD", field, "it is missing or empty.", $"Name the document's {field}.");
        }
        catch (ServiceException refusal)
        {
            throw DropRejectedException.From(refusal, Text);
        }
    }
}
