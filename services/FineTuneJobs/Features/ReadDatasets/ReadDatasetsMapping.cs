using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.FineTuneJobs.Features.ReadDatasets;

internal static class ReadDatasetsMapping
{
    public static Dataset ToProto(this Datasets.Dataset dataset) => new()
    {
        Id = dataset.Id,
        Name = dataset.Name,
        Bytes = dataset.Bytes,
        Sha256 = dataset.Sha256,
        CreatedAt = dataset.CreatedAt.ToTimestamp(),
        Format = (DatasetFormat)dataset.Format,
        Lines = dataset.Lines,
    };

    public static ListDatasetsResponse ToResponse(this DatasetPage page) => new() { Datasets = { page.Datasets.Select(dataset => dataset.ToProto()) }, NextPageToken = page.NextPageToken };

    public static DownloadDatasetResponse ToResponse(this ReadOnlyMemory<byte> piece) => new() { Content = UnsafeByteOperations.UnsafeWrap(piece) };
}
