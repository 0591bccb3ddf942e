using System.Runtime.CompilerServices;
using Grpc.Core;
using RagPlatform.Ingestion.Features.PutDocument;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.UploadDocument;

internal static class UploadDocumentMapping
{
    public static async IAsyncEnumerable<UploadPart> ToParts(
        this IAsyncStreamReader<UploadDocumentRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var request in requests.ReadAllAsync(cancellationToken))
        {
            yield return request.PartCase switch
            {
                UploadDocumentRequest.PartOneofCase.Header => new UploadPart(request.Header.ToSubmission(default), default),
                UploadDocumentRequest.PartOneofCase.Content => new UploadPart(null, request.Content.Memory),
                _ => throw IngestionErrors.UploadOutOfOrder("it is neither a header nor content."),
            };
        }
    }
}
