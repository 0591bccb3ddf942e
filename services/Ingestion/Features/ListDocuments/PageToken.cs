using System.Buffers.Text;
using System.Text.Json;
using RagPlatform.Contracts;
using RagPlatform.Ingestion.Registry;

namespace RagPlatform.Ingestion.Features.ListDocuments;

/// <summary>Opaque to callers: base64url over a JSON array of the last document's collection and id.</summary>
internal static class PageToken
{
    /// <summary>A collection's and an id's longest, as escaped JSON in base64.</summary>
    private const int MaxCharacters = 8192;

    public static string Write(DocumentKey last) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes<string[]>([last.Collection, last.DocumentId]));

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: it is not one of ours.</exception>
    public static CatalogPosition Read(string token)
    {
        try
        {
            if (token.Length <= MaxCharacters && JsonSerializer.Deserialize<string[]>(Base64Url.DecodeFromChars(token)) is [{ } collection, { } id]
                && Names.IsCollection(collection) && Names.IsDocumentId(id))
            {
                return new CatalogPosition(collection, id);
            }
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            // Told below, with what to do about it.
        }

        throw IngestionErrors.InvalidPageToken();
    }
}
