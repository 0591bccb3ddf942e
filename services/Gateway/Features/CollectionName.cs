namespace RagPlatform.Gateway.Features;

/// <summary>The collection that a request means.</summary>
internal static class CollectionName
{
    private const string Default = "default";

    /// <summary>Callers who read or put and name none mean "default".</summary>
    public static string OrDefault(string collection) => collection.Length > 0 ? collection : Default;

    /// <summary>Who makes, changes or deletes a collection says which.</summary>
    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">InvalidArgument: it is empty.</exception>
    public static string Required(string collection) => collection.Length > 0 ? collection : throw GatewayErrors.CollectionMissing();
}
