using System.Text.Json;
using Google.Protobuf;
using RagPlatform.Bench.Load.Ingest;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Fairness;

/// <summary>Sends documents as one of the two doors takes them: by calls, some at once, or as drops.</summary>
/// <param name="services">That take them.</param>
/// <param name="publisher">Of drops; by calls when null.</param>
internal sealed class DocumentSender(IngestServices services, DropPublisher? publisher)
{
    private const int Callers = 8;

    private int sent;

    /// <summary>That were accepted: answered by the registry, or confirmed by the broker.</summary>
    public int Sent => sent;

    public async Task SendAsync(IEnumerable<byte[]> drops)
    {
        if (publisher is not null)
        {
            await publisher.DropAsync(Counted(StagedDrops.PrepareAsync(services.Ingestion, drops)));
            return;
        }

        await Parallel.ForEachAsync(drops, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (drop, cancellationToken) =>
        {
            await services.Ingestion.PutDocumentAsync(ToPut(drop), cancellationToken: cancellationToken);
            Interlocked.Increment(ref sent);
        });
    }

    private async IAsyncEnumerable<byte[]> Counted(IAsyncEnumerable<byte[]> drops)
    {
        await foreach (var drop in drops)
        {
            sent++;
            yield return drop;
        }
    }

    private static PutDocumentRequest ToPut(byte[] drop)
    {
        using var json = JsonDocument.Parse(drop);
        var root = json.RootElement;
        string Field(string name) => root.TryGetProperty(name, out var value) ? value.GetString()! : "";
        return new PutDocumentRequest
        {
            Header = new DocumentHeader
            {
                Tenant = Field("tenant"), Collection = Field("collection"), Id = Field("id"), Title = Field("title"), ContentType = Field("contentType"),
            },
            Content = ByteString.CopyFromUtf8(Field("text")),
        };
    }
}
