using System.Runtime.CompilerServices;
using System.Text;
using Google.Protobuf;
using Grpc.Core;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>Stores a document of at most 3 MiB and starts its indexing; returns once it is durable, before it is searchable.</summary>
    public async Task<PutResult> PutDocumentAsync(ReadOnlyMemory<byte> content, DocumentHeader header, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(header);
        var request = new V1.PutDocumentRequest { Header = header.ToRequest(), Content = UnsafeByteOperations.UnsafeWrap(content) };
        var response = await CallAsync(options => _gateway.PutDocumentAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.ToResult();
    }

    /// <inheritdoc cref="PutDocumentAsync(ReadOnlyMemory{byte}, DocumentHeader, CancellationToken)"/>
    public Task<PutResult> PutDocumentAsync(string text, DocumentHeader header, CancellationToken cancellationToken = default) =>
        PutDocumentAsync(Encoding.UTF8.GetBytes(text), header, cancellationToken);

    /// <summary>The same for a document of any size up to the platform's limit; what is large goes in pieces and is never held whole.</summary>
    public Task<PutResult> UploadDocumentAsync(Stream content, DocumentHeader header, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        ArgumentNullException.ThrowIfNull(header);
        return DocumentUpload.RunAsync(
            content,
            piece => PutDocumentAsync(piece, header, cancellationToken),
            () => _gateway.UploadDocument(Options(deadline: null, cancellationToken)),
            header,
            exception => RagErrors.Translate(exception, _options.Address, cancellationToken),
            cancellationToken);
    }

    /// <summary>Keeps content of any size up to the platform's limit for a drop on the queue to name: what is larger than a message there may be (1 MiB).</summary>
    public async Task<StagedContent> StageContentAsync(Stream content, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(content);
        try
        {
            using var call = _gateway.StageContent(Options(deadline: null, cancellationToken));
            await DocumentUpload.SendAsync(call.RequestStream, content, cancellationToken).ConfigureAwait(false);
            var response = await call.ResponseAsync.ConfigureAwait(false);
            return new StagedContent(response.ContentRef, response.ContentBytes, response.ExpiresAt.ToDateTimeOffset());
        }
        catch (RpcException exception)
        {
            throw RagErrors.Translate(exception, _options.Address, cancellationToken);
        }
    }

    /// <summary>A document and its latest events.</summary>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task<DocumentHistory> GetDocumentAsync(string id, string collection = "", CancellationToken cancellationToken = default)
    {
        var request = new V1.GetDocumentRequest { Collection = collection, Id = id };
        var response = await CallAsync(options => _gateway.GetDocumentAsync(request, options), cancellationToken).ConfigureAwait(false);
        return new DocumentHistory(response.Document.ToDocument(), [.. response.Events.Select(entry => entry.ToEvent())]);
    }

    /// <summary>All documents that match, by collection, then id, fetched page by page while they are read.</summary>
    /// <param name="collection">All collections when empty.</param>
    /// <param name="state">All but deleted when null.</param>
    /// <param name="pageSize">1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<Document> ListDocumentsAsync(
        string collection = "", DocumentState? state = null, int pageSize = 100, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(pageToken => ListDocumentsPageAsync(collection, state, pageSize, pageToken, cancellationToken));

    /// <summary>One page, with the count over all of them.</summary>
    public Task<DocumentPage> ListDocumentsPageAsync(
        string collection = "", DocumentState? state = null, int pageSize = 100, string? pageToken = null, CancellationToken cancellationToken = default) =>
        ListPageAsync(
            new V1.ListDocumentsRequest { Collection = collection, State = (V1.DocumentState)(state ?? DocumentState.Unspecified), PageSize = pageSize, PageToken = pageToken ?? "" },
            cancellationToken);

    /// <summary>The documents whose latest version is in a batch, by collection, then id, fetched page by page while they are read.</summary>
    /// <param name="batchId">The batch.</param>
    /// <param name="state">All but deleted when null.</param>
    /// <param name="pageSize">1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    public IAsyncEnumerable<Document> ListBatchDocumentsAsync(
        string batchId, DocumentState? state = null, int pageSize = 100, CancellationToken cancellationToken = default) =>
        ReadPagesAsync(pageToken => ListPageAsync(
            new V1.ListDocumentsRequest { BatchId = batchId, State = (V1.DocumentState)(state ?? DocumentState.Unspecified), PageSize = pageSize, PageToken = pageToken ?? "" },
            cancellationToken));

    private static async IAsyncEnumerable<Document> ReadPagesAsync(Func<string?, Task<DocumentPage>> read)
    {
        string? pageToken = null;
        do
        {
            var page = await read(pageToken).ConfigureAwait(false);
            foreach (var document in page.Documents)
            {
                yield return document;
            }

            pageToken = page.NextPageToken;
        }
        while (pageToken is not null);
    }

    private async Task<DocumentPage> ListPageAsync(V1.ListDocumentsRequest request, CancellationToken cancellationToken)
    {
        var response = await CallAsync(options => _gateway.ListDocumentsAsync(request, options), cancellationToken).ConfigureAwait(false);
        return new DocumentPage(
            [.. response.Documents.Select(document => document.ToDocument())],
            response.NextPageToken.Length > 0 ? response.NextPageToken : null,
            response.TotalCount);
    }

    /// <summary>Removes a document from listing, search and answers.</summary>
    /// <exception cref="RagException">NotFound when there is none.</exception>
    public async Task<Document> DeleteDocumentAsync(string id, string collection = "", CancellationToken cancellationToken = default)
    {
        var request = new V1.DeleteDocumentRequest { Collection = collection, Id = id };
        var response = await CallAsync(options => _gateway.DeleteDocumentAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Document.ToDocument();
    }

    /// <summary>The document's states, past ones first, until it rests (indexed, failed or deleted).</summary>
    public async IAsyncEnumerable<DocumentEvent> WatchDocumentAsync(
        string id, string collection = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.WatchDocumentRequest { Collection = collection, Id = id };
        await foreach (var response in StreamAsync(options => _gateway.WatchDocument(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return response.Event.ToEvent();
        }
    }
}
