using System.Buffers.Text;
using System.Text.Json;

namespace RagPlatform.FineTuneJobs.Features;

/// <summary>Pages of lists: their sizes and their tokens, which are opaque to callers: base64url over JSON.</summary>
internal static class Pages
{
    private const int MaxTokenCharacters = 512;

    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the range.</exception>
    public static int Size(int pageSize, int otherwise, int limit) =>
        pageSize >= 0 && pageSize <= limit
            ? (pageSize == 0 ? otherwise : pageSize)
            : throw FineTuneJobsErrors.Invalid("page_size", $"{pageSize} is outside 1 to {limit}.", $"Leave it out for {otherwise}.");

    public static string Write<T>(T last) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(last));

    /// <summary>Null for the first page.</summary>
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: it is not one of ours.</exception>
    public static T? Read<T>(string token)
        where T : class
    {
        if (token.Length == 0)
        {
            return null;
        }

        try
        {
            return token.Length <= MaxTokenCharacters && JsonSerializer.Deserialize<T>(Base64Url.DecodeFromChars(token)) is { } last ? last : throw FineTuneJobsErrors.InvalidPageToken();
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw FineTuneJobsErrors.InvalidPageToken();
        }
    }
}
