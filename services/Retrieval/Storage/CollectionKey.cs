using RagPlatform.Contracts;
using RagPlatform.Grpc;

namespace RagPlatform.Retrieval.Storage;

/// <summary>Whose data it is. There is no way to have one but through <see cref="Require"/>: this is where tenants are kept apart.</summary>
internal sealed record Tenant
{
    private Tenant(string name) => Name = name;

    public string Name { get; }

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The tenant is missing or is no tenant's name.</exception>
    public static Tenant Require(string? name) =>
        Names.IsTenant(GrpcServer.RequireTenant(name ?? "")) ? new Tenant(name!) : throw RetrievalErrors.TenantInvalid(name);
}

/// <summary>A tenant's collection. The store takes nothing less, so that no query can leave the tenant out.</summary>
internal sealed record CollectionKey
{
    private CollectionKey(Tenant tenant, string name)
    {
        Tenant = tenant;
        Name = name;
    }

    public Tenant Tenant { get; }

    public string Name { get; }

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">The tenant is missing, or one of the names is none.</exception>
    public static CollectionKey Require(string? tenant, string? collection)
    {
        var owner = Tenant.Require(tenant);
        return Names.IsCollection(collection) ? new CollectionKey(owner, collection!) : throw RetrievalErrors.CollectionInvalid(collection);
    }
}
