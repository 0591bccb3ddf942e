using Grpc.Core;
using static RagPlatform.Protos.Ingestion.V1.IngestionService;
using Ingesters = RagPlatform.Protos.Ingestion.V1;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features.DistillModel;

/// <summary>
/// A collection's indexed documents in a random order; of more than are needed, as many chosen at random, each as likely as
/// any other (reservoir sampling: Vitter, "Random Sampling with a Reservoir", 1985, algorithm R). No more than these are held.
/// </summary>
internal static class DocumentSample
{
    private const int PageSize = 1000;

    /// <param name="size">Documents at most.</param>
    public static async Task<Ingesters.Document[]> TakeAsync(
        IngestionServiceClient ingestion, V1.DistillModelRequest request, string tenant, int size, Random random, CallOptions options)
    {
        var sample = new List<Ingesters.Document>();
        var (seen, pageToken) = (0, "");
        do
        {
            var page = await ingestion.ListDocumentsAsync(request.ToIngestion(tenant, PageSize, pageToken), options);
            foreach (var document in page.Documents.Where(document => document.ChunkCount > 0))
            {
                seen++;
                if (sample.Count < size)
                {
                    sample.Add(document);
                }
                else if (random.Next(seen) is var place && place < size)
                {
                    sample[place] = document;
                }
            }

            pageToken = page.NextPageToken;
        }
        while (pageToken.Length > 0);

        Ingesters.Document[] shuffled = [.. sample];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
