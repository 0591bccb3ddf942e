using RagPlatform.Grpc.Errors;
using RagPlatform.Ingestion.Sources;

namespace RagPlatform.Ingestion.Features.Sources;

/// <summary>What callers can do wrong with sources.</summary>
internal static class SourceErrors
{
    public static ServiceException NotFound(string name) =>
        new(FailureKind.NotFound, "SOURCE_NOT_FOUND", $"name: there is no source '{IngestionErrors.Shorten(name)}'.") { Field = "name", Remedy = "List the sources to see their names." };

    public static ServiceException BeingRemoved(string name) =>
        new(FailureKind.FailedPrecondition, "SOURCE_BEING_REMOVED", $"name: the source '{name}' is being removed.") { Field = "name", Remedy = "Try again in a moment, or choose another name.", RetryDelay = TimeSpan.FromSeconds(2) };

    public static ServiceException OtherCollection(Source source) =>
        new(FailureKind.FailedPrecondition, "SOURCE_COLLECTION_FIXED", $"collection: the source '{source.Key.Name}' keeps the collection '{source.Definition.Collection}'.")
        {
            Field = "collection",
            Remedy = "Make another source for the other collection, or delete this one first.",
        };

    public static ServiceException TooMany(long count, int limit) =>
        new(FailureKind.ResourceExhausted, "TOO_MANY_SOURCES", $"name: the tenant has {count} sources; the limit is {limit}.") { Field = "name", Remedy = "Delete one, put several sites into one list, or raise Ingestion:Sources:MaxSourcesPerTenant." };
}
