using System.Diagnostics;
using System.Text;

namespace RagPlatform.Ingestion.Features.DropDocuments;

/// <summary>The publisher's trace, from a message's headers: W3C traceparent, else what MassTransit sends.</summary>
internal static class DropTrace
{
    private static readonly string[] Headers = ["traceparent", "MT-Activity-Id"];

    /// <summary>Default when there is none that can be read.</summary>
    public static ActivityContext Parent(IDictionary<string, object?>? headers)
    {
        foreach (var name in Headers)
        {
            if (headers?.TryGetValue(name, out var value) == true && ActivityContext.TryParse(AsText(value), null, isRemote: true, out var context))
            {
                return context;
            }
        }

        return default;
    }

    private static string? AsText(object? value) => value switch
    {
        string text => text,
        byte[] { Length: <= 128 } bytes => Encoding.UTF8.GetString(bytes),
        _ => null,
    };
}
