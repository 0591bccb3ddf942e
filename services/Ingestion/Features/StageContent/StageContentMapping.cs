using System.Runtime.CompilerServices;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Ingestion.Features.StageContent;

internal static class StageContentMapping
{
    public static async IAsyncEnumerable<StagingPart> ToParts(this IAsyncStreamReader<StageContentRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var request in requests.ReadAllAsync(cancellationToken))
        {
            yield return request.PartCase switch
            {
                StageContentRequest.PartOneofCase.Tenant => new StagingPart(request.Tenant, default),
                StageContentRequest.PartOneofCase.Content => new StagingPart(null, request.Content.Memory),
                _ => throw IngestionErrors.UploadOutOfOrder("it is neither a tenant nor content."),
            };
        }
    }

    public static StageContentResponse ToResponse(this StagedContent staged) =>
        new() { ContentRef = staged.Reference.ToString(), ContentBytes = staged.Bytes, ExpiresAt = Timestamp.FromDateTimeOffset(staged.ExpiresAt) };
}
