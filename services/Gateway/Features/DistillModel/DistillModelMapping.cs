using Embedders = RagPlatform.Protos.Embedding.V1;
using Ingesters = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.DistillModel;

internal static class DistillModelMapping
{
    public const int MaxChunks = 50_000;
    private const int DefaultChunks = 20_000;

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">InvalidArgument: out of range.</exception>
    public static int ChunksToTake(this V1.DistillModelRequest request) => request.MaxChunks switch
    {
        0 => DefaultChunks,
        > 0 and <= MaxChunks => request.MaxChunks,
        _ => throw GatewayErrors.ChunksOutOfRange(request.MaxChunks, MaxChunks),
    };

    public static Ingesters.ListDocumentsRequest ToIngestion(this V1.DistillModelRequest request, string tenant, int pageSize, string pageToken) => new()
    {
        Tenant = tenant,
        Collection = CollectionName.OrDefault(request.Collection),
        State = Ingesters.DocumentState.Indexed,
        PageSize = pageSize,
        PageToken = pageToken,
    };

    public static Ingesters.ReadChunksRequest ToIngestion(this Ingesters.Document document, string tenant, string model) => new()
    {
        Tenant = tenant,
        Collection = document.Collection,
        DocumentId = document.Id,
        Version = document.Version,
        Model = model,
    };

    public static Embedders.Passage ToPassage(this Ingesters.PreparedChunk chunk, string title) =>
        new() { Title = title, HeadingPath = { chunk.HeadingPath }, Text = chunk.Text };

    public static V1.DistillModelResponse ToGateway(this Embedders.DistillModelResponse step) =>
        new() { Step = step.Step, Done = step.Done, Total = step.Total, Model = step.Model };
}
