using System.Text.Json;
using RagPlatform.TestKit;

namespace RagPlatform.EndToEnd.Tests;

/// <summary>A span as the dashboard holds it.</summary>
internal sealed record DashboardSpan(string Service, string Name);

/// <summary>The Aspire dashboard's telemetry API: OTLP JSON of what it has received.</summary>
internal sealed class Dashboard(string address) : IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new Uri(address) };

    /// <summary>Waits until the trace has spans of all these services: exporters send in batches.</summary>
    public async Task<List<DashboardSpan>> WaitForTraceAsync(string traceId, string[] services)
    {
        List<DashboardSpan> spans = [];
        try
        {
            await TestTimeout.EventuallyAsync(
                async () =>
                {
                    spans = await ReadTraceAsync(traceId);
                    return services.All(service => spans.Any(span => span.Service == service));
                },
                $"trace {traceId} with {string.Join(", ", services)}");
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} It has: {string.Join("; ", spans.Select(span => $"{span.Service}: {span.Name}"))}", exception);
        }

        return spans;
    }

    public void Dispose() => http.Dispose();

    private async Task<List<DashboardSpan>> ReadTraceAsync(string traceId)
    {
        using var response = await http.GetAsync($"/api/telemetry/traces/{traceId}");
        if (!response.IsSuccessStatusCode)
        {
            return [];
        }

        using var document = JsonDocument.Parse(await response.Content.ReadAsStreamAsync());
        return [.. Spans(document.RootElement)];
    }

    private static IEnumerable<DashboardSpan> Spans(JsonElement root) =>
        from resource in Find(root, "resourceSpans")
        let service = resource.GetProperty("resource").GetProperty("attributes").EnumerateArray()
            .First(attribute => attribute.GetProperty("key").GetString() == "service.name").GetProperty("value").GetProperty("stringValue").GetString()!
        from scope in resource.GetProperty("scopeSpans").EnumerateArray()
        from span in scope.GetProperty("spans").EnumerateArray()
        select new DashboardSpan(service, span.GetProperty("name").GetString()!);

    private static IEnumerable<JsonElement> Find(JsonElement root, string property)
    {
        if (root.ValueKind is not JsonValueKind.Object)
        {
            return [];
        }

        if (root.TryGetProperty(property, out var found))
        {
            return found.EnumerateArray();
        }

        return root.TryGetProperty("data", out var data) ? Find(data, property) : [];
    }
}
