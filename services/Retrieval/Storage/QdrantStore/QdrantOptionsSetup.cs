using System.Data.Common;
using Microsoft.Extensions.Options;

namespace RagPlatform.Retrieval.Storage.QdrantStore;

/// <summary>
/// Takes the address and the key from a connection string, "Endpoint=http://host:6333;Key=...", as Aspire gives them:
/// "qdrant_http" is the REST endpoint of a container of its own, "qdrant" what was given from outside (for a container of
/// Aspire's own it would be gRPC's, which is why it comes second).
/// </summary>
internal sealed class QdrantOptionsSetup(IConfiguration configuration) : IPostConfigureOptions<QdrantOptions>, IValidateOptions<QdrantOptions>
{
    public static readonly string[] ConnectionNames = ["qdrant_http", "qdrant"];

    public void PostConfigure(string? name, QdrantOptions options)
    {
        var given = ConnectionNames.Select(configuration.GetConnectionString).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
        if (given is null)
        {
            return;
        }

        if (Uri.IsWellFormedUriString(given, UriKind.Absolute))
        {
            options.Url = given;
            return;
        }

        // Validation tells what is wrong with it.
        options.Url = Parse(given)?["Endpoint"] ?? given;
        options.ApiKey = Parse(given)?["Key"] ?? options.ApiKey;
    }

    public ValidateOptionsResult Validate(string? name, QdrantOptions options)
    {
        if (!Uri.TryCreate(options.Url, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            return ValidateOptionsResult.Fail(
                "Retrieval:Qdrant:Url, or ConnectionStrings:qdrant, is no http or https address; give e.g. http://localhost:6333, or \"Endpoint=http://localhost:6333;Key=...\".");
        }

        if (options.ApiKey.Any(character => character is < ' ' or > '~'))
        {
            return ValidateOptionsResult.Fail("Retrieval:Qdrant:ApiKey has a character that no HTTP header can carry; use printable ASCII.");
        }

        return options.WriteConsistencyFactor > options.ReplicationFactor
            ? ValidateOptionsResult.Fail(
                $"Retrieval:Qdrant:WriteConsistencyFactor is {options.WriteConsistencyFactor}, above ReplicationFactor {options.ReplicationFactor}: no write could ever succeed. Lower the one or raise the other.")
            : ValidateOptionsResult.Success;
    }

    private static ConnectionString? Parse(string text)
    {
        try
        {
            return new ConnectionString(new DbConnectionStringBuilder { ConnectionString = text });
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private sealed class ConnectionString(DbConnectionStringBuilder parts)
    {
        public string? this[string key] => parts.TryGetValue(key, out var value) ? value as string : null;
    }
}
