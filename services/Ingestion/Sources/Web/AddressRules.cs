using System.Net;
using System.Net.Sockets;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>
/// Which addresses belong to the public internet, after the registries of special-purpose addresses (RFC 6890 and its
/// updates, https://www.iana.org/assignments/iana-ipv4-special-registry, .../iana-ipv6-special-registry). Forms of IPv6 that
/// carry an IPv4 address (mapped, 6to4, Teredo, NAT64) are refused whole: they are ways round this list.
/// </summary>
internal static class AddressRules
{
    private static readonly IPNetwork[] Reserved =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24",
            "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
        }.Select(IPNetwork.Parse),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    /// <summary>No server is ever meant by these, not even one of an intranet: unspecified, link-local (cloud metadata), multicast.</summary>
    private static readonly IPNetwork[] NeverServers = [.. new[] { "0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "240.0.0.0/4", "::/128", "fe80::/10", "ff00::/8" }.Select(IPNetwork.Parse)];

    public static bool IsPublic(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return !address.IsIPv4MappedToIPv6
            && (address.AddressFamily is AddressFamily.InterNetwork || (address.AddressFamily is AddressFamily.InterNetworkV6 && GlobalUnicast.Contains(address)))
            && !IsIn(address, Reserved);
    }

    /// <summary>May be a server of an intranet that an operator has allowed by name.</summary>
    public static bool MayBePrivateServer(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        return !IsIn(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, NeverServers);
    }

    private static bool IsIn(IPAddress address, IPNetwork[] networks) => Array.Exists(networks, network => network.BaseAddress.AddressFamily == address.AddressFamily && network.Contains(address));
}
