using System.Net;
using RagPlatform.AppHost.Local.Dashboard;
using RagPlatform.AppHost.Local.Running;
using RagPlatform.TestKit;

namespace RagPlatform.AppHost.Local.Tests;

public sealed class ResourceServerTests
{
    [Theory]
    [InlineData(false, HttpStatusCode.Unauthorized)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Request_WithAndWithoutTheKey_IsAnsweredOrRefused(bool withKey, HttpStatusCode expected)
    {
        await using var server = await ResourceServer
            .StartAsync(new ResourceBoard(), new ResourceLogs(TimeProvider.System), new Supervisors(), CancellationToken.None).WithTimeout("the start");
        using var http = new HttpClient { DefaultRequestVersion = HttpVersion.Version20, DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact };
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/aspire.v1.DashboardService/GetApplicationInformation")
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([0, 0, 0, 0, 0]) { Headers = { ContentType = new("application/grpc") } },
        };
        if (withKey)
        {
            request.Headers.Add("x-resource-service-api-key", server.Key);
        }

        using var response = await http.SendAsync(request).WithTimeout("the answer");

        response.StatusCode.ShouldBe(expected);
    }
}
