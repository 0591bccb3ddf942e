using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Options;

namespace RagPlatform.Gateway.Access;

/// <summary>Who calls.</summary>
/// <param name="Tenant">Whose data it is about.</param>
/// <param name="IsOperator">Runs the platform, too.</param>
internal sealed record Caller(string Tenant, bool IsOperator);

/// <summary>From a call's headers to who calls.</summary>
internal sealed class ApiKeys
{
    public const int MaxKeyCharacters = 512;
    private const string DevelopmentKey = "dev";
    private const string DevelopmentTenant = "default";
    private const string BearerScheme = "Bearer ";

    private readonly (byte[] Hash, Caller Caller)[] _keys;

    public ApiKeys(IOptions<GatewayOptions> options)
    {
        var keys = options.Value.ApiKeys.Select(key => (Hash(key), new Caller(key.Tenant, key.IsOperator)));
        _keys = options.Value.AllowDevelopmentKey ? [.. keys, (Hash(DevelopmentKey), new Caller(DevelopmentTenant, IsOperator: true))] : [.. keys];
    }

    public int Count => _keys.Length;

    public static byte[] Hash(ApiKeyOptions key) =>
        key.Key is { Length: > 0 } plain ? Hash(plain) : Convert.FromHexString(key.KeySha256!);

    /// <exception cref="RagPlatform.Grpc.Errors.ServiceException">Unauthenticated: no key, or one that nobody was given.</exception>
    public Caller Find(Metadata headers)
    {
        var key = Presented(headers);
        if (key.Length == 0)
        {
            throw GatewayErrors.KeyMissing();
        }

        return Find(key) ?? throw GatewayErrors.KeyUnknown();
    }

    private static string Presented(Metadata headers)
    {
        if (headers.GetValue("authorization") is { } authorization)
        {
            return authorization.StartsWith(BearerScheme, StringComparison.OrdinalIgnoreCase)
                ? authorization[BearerScheme.Length..].Trim()
                : throw GatewayErrors.SchemeUnknown();
        }

        return headers.GetValue("x-api-key")?.Trim() ?? "";
    }

    /// <summary>Compares hashes, all of them and each in constant time, so that timing tells nothing about any key.</summary>
    private Caller? Find(string key)
    {
        if (key.Length > MaxKeyCharacters)
        {
            return null;
        }

        var hash = Hash(key);
        Caller? found = null;
        foreach (var (known, caller) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, known) ? caller : found;
        }

        return found;
    }

    private static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
