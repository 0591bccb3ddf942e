namespace RagPlatform.Gateway.Features;

/// <summary>The collection of callers that name none.</summary>
internal static class CollectionName
{
    private const string Default = "default";

    public static string OrDefault(string collection) => collection.Length > 0 ? collection : Default;
}
