using System.Net;
using Microsoft.Extensions.Options;
using RagPlatform.Contracts;

namespace RagPlatform.Gateway;

/// <summary>Checks who may get in; a message never repeats a key.</summary>
internal sealed class GatewayOptionsValidator(IConfiguration configuration) : IValidateOptions<GatewayOptions>
{
    private const int MinKeyCharacters = 16;
    private const int MaxKeyCharacters = Access.ApiKeys.MaxKeyCharacters;
    private const int Sha256HexDigits = 64;

    public ValidateOptionsResult Validate(string? name, GatewayOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = options.ApiKeys.SelectMany((key, index) => Failures(key, $"Gateway:ApiKeys:{index}")).ToList();
        if (failures.Count == 0)
        {
            failures.AddRange(
                from key in options.ApiKeys
                group key.Tenant by Convert.ToHexStringLower(Access.ApiKeys.Hash(key)) into tenants
                where tenants.Count() > 1
                select $"Gateway:ApiKeys: the tenants {string.Join(", ", tenants.Select(tenant => $"'{tenant}'"))} have the same key. Give each key once.");
        }

        if (options.AllowDevelopmentKey && configuration["BIND_ADDRESS"] is { } address && IPAddress.TryParse(address, out var bound) && !IPAddress.IsLoopback(bound))
        {
            failures.Add($"Gateway:AllowDevelopmentKey is true and BIND_ADDRESS is {address}: others on the network know the key \"dev\" too. Set Gateway:AllowDevelopmentKey=false and give Gateway:ApiKeys.");
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ApiKeyOptions key, string path)
    {
        if (string.IsNullOrEmpty(key.Key) == string.IsNullOrEmpty(key.KeySha256))
        {
            yield return $"{path}: give exactly one of Key and KeySha256.";
        }
        else if (key.Key is { Length: > 0 } plain && (plain.Length is < MinKeyCharacters or > MaxKeyCharacters || plain.Any(char.IsWhiteSpace)))
        {
            yield return $"{path}:Key has {plain.Length} characters; use {MinKeyCharacters} to {MaxKeyCharacters}, without white space.";
        }
        else if (key.KeySha256 is { Length: > 0 } hash && (hash.Length != Sha256HexDigits || !hash.All(char.IsAsciiHexDigit)))
        {
            yield return $"{path}:KeySha256 has {hash.Length} characters; it must be {Sha256HexDigits} hex digits.";
        }

        if (!Names.IsTenant(key.Tenant))
        {
            yield return $"{path}:Tenant is '{key.Tenant}'; use 1 to 63 of a-z, 0-9, '_' and '-', beginning with a letter or digit.";
        }
    }
}
