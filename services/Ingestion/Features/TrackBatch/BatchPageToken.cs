using System.Buffers.Text;
using System.Text.Json;
using RagPlatform.Contracts;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.TrackBatch;

/// <summary>Opaque to callers: base64url over a JSON array of the last batch's time and id.</summary>
internal static class BatchPageToken
{
    private const int MaxCharacters = 256;

    public static string Write(Batch last) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<object[]>([last.CreatedAt.ToUnixTimeMilliseconds(), last.Id]));

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: it is not one of ours.</exception>
    public static BatchPosition Read(string token)
    {
        try
        {
            if (token.Length <= MaxCharacters && JsonSerializer.Deserialize<JsonElement[]>(Base64Url.DecodeFromChars(token)) is [{ ValueKind: JsonValueKind.Number } time, { ValueKind: JsonValueKind.String } id]
                && time.TryGetInt64(out var createdAt) && id.GetString() is { } batchId && Names.IsBatch(batchId))
            {
                return new BatchPosition(createdAt, batchId);
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Told below, with what to do about it.
        }

        throw IngestionErrors.InvalidPageToken();
    }
}
