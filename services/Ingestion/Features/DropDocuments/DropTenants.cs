using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using RagPlatform.Contracts;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>
/// Whose a drop is. The broker's credentials protect the queue, so a named tenant is believed; an API key, where one is
/// given, must be one of the gateway's (<c>Gateway:ApiKeys</c>: a list of Key or KeySha256, and Tenant) and decides.
/// </summary>
public sealed class DropTenants
{
    private readonly string _defaultTenant;
    private readonly List<(byte[] Hash, string Tenant)> _keys = [];

    /// <exception cref="InvalidOperationException">A configured key is unusable.</exception>
    public DropTenants(string defaultTenant, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _defaultTenant = defaultTenant;
        foreach (var entry in configuration.GetSection("Gateway:ApiKeys").GetChildren())
        {
            var tenant = entry["Tenant"];
            if (!Names.IsTenant(tenant))
            {
                throw new InvalidOperationException($"{entry.Path}:Tenant: '{tenant}' is no tenant name; it must match {Names.NamePattern}.");
            }

            _keys.Add((HashOf(entry), tenant!));
        }
    }

    /// <exception cref="DropRejectedException">The tenant is no name, the key is unknown, or they disagree.</exception>
    public string Resolve(string tenant, string apiKey)
    {
        if (tenant.Length > 0 && !Names.IsTenant(tenant))
        {
            throw new DropRejectedException("INVALID_FIELD", "tenant", $"'{(tenant.Length <= 80 ? tenant : tenant[..80])}' is no tenant name; it must match {Names.NamePattern}.", "Use 1 to 63 of a-z, 0-9, \"_\" and \"-\".");
        }

        if (apiKey.Length == 0)
        {
            return tenant.Length > 0 ? tenant : _defaultTenant;
        }

        var owner = FindOwner(SHA256.HashData(Encoding.UTF8.GetBytes(apiKey)))
            ?? throw new DropRejectedException("UNKNOWN_API_KEY", "apiKey", "it is none of the configured keys.", "Use a key of Gateway:ApiKeys, or leave it out.");
        return tenant.Length == 0 || tenant == owner
            ? owner
            : throw new DropRejectedException("TENANT_MISMATCH", "tenant", $"'{tenant}' is not the tenant of the given apiKey.", "Leave tenant out: the key decides.");
    }

    private string? FindOwner(byte[] hash)
    {
        string? owner = null;
        foreach (var (known, tenant) in _keys)
        {
            owner = CryptographicOperations.FixedTimeEquals(known, hash) ? tenant : owner;
        }

        return owner;
    }

    private static byte[] HashOf(IConfigurationSection entry)
    {
        if (entry["Key"] is { Length: > 0 } key)
        {
            return SHA256.HashData(Encoding.UTF8.GetBytes(key));
        }

        var hash = new byte[SHA256.HashSizeInBytes];
        return entry["KeySha256"] is { Length: 2 * SHA256.HashSizeInBytes } hex && Convert.FromHexString(hex, hash, out _, out _) is OperationStatus.Done
            ? hash
            : throw new InvalidOperationException($"{entry.Path}: neither Key nor KeySha256 (64 hex digits) is there. Set one of them.");
    }
}
