using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Scheduling;

/// <summary>What takes turns: a tenant's collection.</summary>
public readonly record struct Lane(string Tenant, string Collection)
{
    public static Lane Of(DocumentKey key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return new(key.Tenant, key.Collection);
    }
}
