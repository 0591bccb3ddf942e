using System.Runtime.CompilerServices;
using Grpc.Core;
using RagPlatform.Gateway.Features.PutDocument;
using Downstream = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.StageContent;

internal static class StageContentMapping
{
    public static async IAsyncEnumerable<Downstream.StageContentRequest> ToIngestion(
        this IAsyncStreamReader<V1.StageContentRequest> requests, string tenant, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        yield return new() { Tenant = tenant };
        while (await requests.MoveNext(cancellationToken))
        {
            var content = requests.Current.Content;
            yield return content.Length <= PutDocumentMapping.MaxContentBytes
                ? new() { Content = content }
                : throw GatewayErrors.ContentTooLarge(content.Length, PutDocumentMapping.MaxContentBytes);
        }
    }

    public static V1.StageContentResponse ToGateway(this Downstream.StageContentResponse response) =>
        new() { ContentRef = response.ContentRef, ContentBytes = response.ContentBytes, ExpiresAt = response.ExpiresAt };
}
