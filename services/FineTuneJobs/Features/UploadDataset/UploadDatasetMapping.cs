using System.Runtime.CompilerServices;
using Grpc.Core;
using RagPlatform.FineTuneJobs.Features.ReadDatasets;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Features.UploadDataset;

internal static class UploadDatasetMapping
{
    public static async IAsyncEnumerable<UploadPart> ToParts(
        this IAsyncStreamReader<UploadDatasetRequest> requests, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var request in requests.ReadAllAsync(cancellationToken))
        {
            yield return request.PartCase switch
            {
                UploadDatasetRequest.PartOneofCase.Header => new UploadPart(request.Header.Name, default),
                UploadDatasetRequest.PartOneofCase.Content => new UploadPart(null, request.Content.Memory),
                _ => throw FineTuneJobsErrors.UploadOutOfOrder("it is neither a header nor content."),
            };
        }
    }

    public static UploadDatasetResponse ToResponse(this (Datasets.Dataset Dataset, bool Existed) uploaded) => new() { Dataset = uploaded.Dataset.ToProto(), Existed = uploaded.Existed };
}
