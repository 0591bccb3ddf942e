using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace RagPlatform.Provisioning.Brokers;

/// <summary>
/// What a private broker holds from its first start, in RabbitMQ's definitions format: the usual guest, and quorum as
/// the type of durable queues declared without one, so that a client may declare the public drop queue either way.
/// </summary>
internal static class BrokerDefinitions
{
    private const string Name = "guest";
    private const string VirtualHost = "/";

    public static string ToJson() => JsonSerializer.Serialize(new
    {
        users = new[] { new { name = Name, password_hash = HashPassword(Name), hashing_algorithm = "rabbit_password_hashing_sha256", tags = new[] { "administrator" } } },
        vhosts = new[] { new { name = VirtualHost, metadata = new { description = "Default virtual host", tags = Array.Empty<string>(), default_queue_type = "quorum" } } },
        permissions = new[] { new { user = Name, vhost = VirtualHost, configure = ".*", write = ".*", read = ".*" } },
    });

    /// <summary>Base64 of four bytes of salt and SHA-256 over salt and password (rabbitmq.com/docs/passwords).</summary>
    private static string HashPassword(string password)
    {
        var salt = RandomNumberGenerator.GetBytes(4);
        return Convert.ToBase64String([.. salt, .. SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(password)])]);
    }
}
