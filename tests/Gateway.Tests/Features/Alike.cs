using System.Text.Json;
using Google.Protobuf;

namespace RagPlatform.Gateway.Tests.Features;

/// <summary>Messages of two packages say the same when their JSON is the same, whatever the order of the fields.</summary>
internal static class Alike
{
    public static void ShouldBeAlike(IMessage actual, IMessage expected) => Normalized(actual).ShouldBe(Normalized(expected));

    private static string Normalized(IMessage message)
    {
        using var json = JsonDocument.Parse(JsonFormatter.Default.Format(message));
        return Sorted(json.RootElement);
    }

    private static string Sorted(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => $"{{{string.Join(", ", element.EnumerateObject().OrderBy(property => property.Name, StringComparer.Ordinal).Select(property => $"{property.Name}: {Sorted(property.Value)}"))}}}",
        JsonValueKind.Array => $"[{string.Join(", ", element.EnumerateArray().Select(Sorted))}]",
        _ => element.GetRawText(),
    };
}
