using Microsoft.Extensions.Options;
using RagPlatform.Gateway.Tests.Fakes;

namespace RagPlatform.Gateway.Tests;

public sealed class GatewayOptionsTests
{
    [Theory]
    [InlineData("Gateway:ApiKeys:0:Key", "short", "Gateway:ApiKeys:0:Key has 5 characters; use 16 to 512")]
    [InlineData("Gateway:ApiKeys:0:Key", "a key with white space", "without white space")]
    [InlineData("Gateway:ApiKeys:0:Key", "", "Gateway:ApiKeys:0: give exactly one of Key and KeySha256")]
    [InlineData("Gateway:ApiKeys:0:KeySha256", "00", "Gateway:ApiKeys:0: give exactly one of Key and KeySha256")]
    [InlineData("Gateway:ApiKeys:1:KeySha256", "xyz", "Gateway:ApiKeys:1:KeySha256 has 3 characters; it must be 64 hex digits")]
    [InlineData("Gateway:ApiKeys:0:Tenant", "Not A Tenant", "Gateway:ApiKeys:0:Tenant is 'Not A Tenant'")]
    [InlineData("Gateway:ApiKeys:0:Key", GatewayServer.KeyOfB, "the tenants 'a', 'b' have the same key")]
    [InlineData("Gateway:TimeoutSeconds", "0", "TimeoutSeconds")]
    [InlineData("Gateway:MaxConcurrentCallsPerTenant", "100000", "MaxConcurrentCallsPerTenant")]
    public async Task Setting_OutOfRange_StopsTheStartAndIsNamed(string key, string value, string expected)
    {
        var exception = await Should.ThrowAsync<OptionsValidationException>(() => GatewayServer.StartAsync((key, value)));

        exception.Message.ShouldContain(expected);
        exception.Message.ShouldNotContain("a key with");
        exception.Message.ShouldNotContain(GatewayServer.KeyOfB);
    }

    [Theory]
    [InlineData("0.0.0.0", false)]
    [InlineData("192.168.1.7", false)]
    [InlineData("::", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    public async Task DevelopmentKey_WhereOthersCanReachThePort_StopsTheStart(string address, bool starts)
    {
        var start = async () => await (await GatewayServer.StartAsync(("Gateway:AllowDevelopmentKey", "true"), ("BIND_ADDRESS", address))).DisposeAsync();

        if (starts)
        {
            await start();
        }
        else
        {
            (await Should.ThrowAsync<OptionsValidationException>(start)).Message.ShouldContain("Gateway:AllowDevelopmentKey=false");
        }
    }
}
