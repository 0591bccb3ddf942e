using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Gateway.Features;

internal static class GatewayTimingMapping
{
    /// <summary>What no service behind the gateway accounts for: the gateway itself and the way between.</summary>
    public static V1.Timing Rest(TimeSpan elapsed, double accountedMilliseconds) =>
        new() { Part = "gateway", Milliseconds = Math.Max(0, elapsed.TotalMilliseconds - accountedMilliseconds) };
}
