using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using RagPlatform.Protos.Ingestion.V1;

namespace RagPlatform.Bench.Load.Ingest;

/// <summary>What is too large for a message goes beside the queue, as any careful program sends it: staged, and named in the drop.</summary>
internal static class StagedDrops
{
    private const int MaxDropBytes = 1024 * 1024;
    private const int PieceBytes = 256 * 1024;

    public static async IAsyncEnumerable<byte[]> PrepareAsync(IngestionService.IngestionServiceClient ingestion, IEnumerable<byte[]> bodies)
    {
        foreach (var body in bodies)
        {
            yield return body.Length <= MaxDropBytes ? body : await StageAsync(ingestion, body);
        }
    }

    private static async Task<byte[]> StageAsync(IngestionService.IngestionServiceClient ingestion, byte[] body)
    {
        var drop = JsonNode.Parse(body)!.AsObject();
        var text = System.Text.Encoding.UTF8.GetBytes((string)drop["text"]!);
        using var call = ingestion.StageContent();
        await call.RequestStream.WriteAsync(new StageContentRequest { Tenant = IngestPlan.Tenant });
        foreach (var piece in text.Chunk(PieceBytes))
        {
            await call.RequestStream.WriteAsync(new StageContentRequest { Content = UnsafeByteOperations.UnsafeWrap(piece) });
        }

        await call.RequestStream.CompleteAsync();
        drop.Remove("text");
        drop["contentRef"] = (await call).ContentRef;
        return JsonSerializer.SerializeToUtf8Bytes(drop);
    }
}
