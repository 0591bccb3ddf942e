using System.Runtime.CompilerServices;
using Grpc.Core;
using RagPlatform.Gateway.Features.PutDocument;
using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.UploadDocument;

internal static class UploadDocumentMapping
{
    /// <param name="requests">The first must be the header, the others content.</param>
    /// <param name="tenant">Whose the document is.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async IAsyncEnumerable<Downstream.UploadDocumentRequest> ToIngestion(
        this IAsyncStreamReader<V1.UploadDocumentRequest> requests, string tenant, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var isFirst = true;
        while (await requests.MoveNext(cancellationToken))
        {
            yield return requests.Current.ToIngestion(tenant, isFirst);
            isFirst = false;
        }

        if (isFirst)
        {
            throw GatewayErrors.HeaderMissing();
        }
    }

    private static Downstream.UploadDocumentRequest ToIngestion(this V1.UploadDocumentRequest request, string tenant, bool isFirst)
    {
        var isHeader = request.PartCase == V1.UploadDocumentRequest.PartOneofCase.Header;
        if (isFirst)
        {
            return isHeader ? new() { Header = request.Header.ToIngestion(tenant) } : throw GatewayErrors.HeaderMissing();
        }

        if (isHeader)
        {
            throw GatewayErrors.HeaderRepeated();
        }

        return request.Content.Length <= PutDocumentMapping.MaxContentBytes
            ? new() { Content = request.Content }
            : throw GatewayErrors.ContentTooLarge(request.Content.Length, PutDocumentMapping.MaxContentBytes);
    }
}
