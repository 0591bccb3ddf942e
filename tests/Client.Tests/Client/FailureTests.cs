using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client.Tests.Client;

public sealed class FailureTests
{
    [Fact]
    public async Task Failure_WithDetails_CarriesThemAll()
    {
        var gateway = new FakeGateway
        {
            Status = _ => throw new ServiceException(FailureKind.ResourceExhausted, "TOO_MANY_CALLS", "The tenant 'a' has 64 calls in work.")
            {
                Field = "tenant",
                Remedy = "Wait.",
                RetryDelay = TimeSpan.FromSeconds(1.5),
            },
        };

        var failure = await StatusFailureAsync(gateway);

        (failure.Status, failure.Code, failure.Message, failure.Field, failure.Remedy, failure.RetryAfter)
            .ShouldBe((StatusCode.ResourceExhausted, "TOO_MANY_CALLS", "The tenant 'a' has 64 calls in work.", "tenant", "Wait.", TimeSpan.FromSeconds(1.5)));
    }

    [Fact]
    public async Task Failure_WithoutDetails_IsStillOurs()
    {
        var failure = await StatusFailureAsync(new FakeGateway { Status = _ => throw new InvalidOperationException("a bug") });

        failure.Status.ShouldBe(StatusCode.Internal);
        failure.Code.ShouldBe("INTERNAL");
        failure.Message.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Details_ThatAreNoProtobuf_AreIgnored()
    {
        var failure = await StatusFailureAsync(new FakeGateway
        {
            Status = context =>
            {
                // Not thrown: what is thrown leaves with our own details.
                context.ResponseTrailers.Add("grpc-status-details-bin", [0xFF, 0xFF, 0xFF]);
                context.Status = new Status(StatusCode.FailedPrecondition, "not yet");
                return Task.FromResult(new V1.GetStatusResponse());
            },
        });

        (failure.Status, failure.Code, failure.Message, failure.Remedy).ShouldBe((StatusCode.FailedPrecondition, "FAILED_PRECONDITION", "not yet", null));
    }

    [Fact]
    public async Task Message_LargerThanGrpcTakes_IsNamedWithARemedy()
    {
        await using var server = await FakeGateway.StartAsync(new FakeGateway());
        using var client = FakeGateway.Connect(server);

        var failure = await Should.ThrowAsync<RagException>(() => client.PutDocumentAsync(new byte[17 * 1024 * 1024], new DocumentHeader()).WithTimeout("the call"));

        failure.Code.ShouldBe("MESSAGE_TOO_LARGE");
        failure.Remedy.ShouldNotBeNull().ShouldContain("UploadDocumentAsync");
    }

    [Fact]
    public void Options_Printed_DoNotShowTheKey() =>
        new RagClientOptions { Address = new Uri("http://host"), ApiKey = "the-key" }.ToString().ShouldBe("RagClientOptions { Address = http://host/ }");

    [Fact]
    public async Task NobodyThere_IsUnreachableWithTheAddressAndARemedy()
    {
        using var client = new RagClient(new RagClientOptions { Address = new Uri("http://127.0.0.1:1"), ApiKey = "the-key" });

        var failure = await Should.ThrowAsync<RagException>(() => client.GetStatusAsync().WithTimeout("the call"));

        failure.Code.ShouldBe("GATEWAY_UNREACHABLE");
        failure.Message.ShouldContain("http://127.0.0.1:1");
        failure.Remedy.ShouldNotBeNull();
    }

    [Fact]
    public async Task Timeout_OfTheClient_IsDeadlineExceeded()
    {
        var gateway = new FakeGateway { Status = async context => { await Task.Delay(Timeout.Infinite, context.CancellationToken); return new V1.GetStatusResponse(); } };

        var failure = await StatusFailureAsync(gateway, TimeSpan.FromMilliseconds(200));

        failure.Status.ShouldBe(StatusCode.DeadlineExceeded);
    }

    [Theory]
    [InlineData("ftp://host", "key")]
    [InlineData("relative", "key")]
    [InlineData("http://host", " ")]
    public void Options_ThatCannotWork_AreRefusedAtOnce(string address, string key) =>
        Should.Throw<ArgumentException>(() => new RagClient(new RagClientOptions { Address = new Uri(address, UriKind.RelativeOrAbsolute), ApiKey = key }));

    private static async Task<RagException> StatusFailureAsync(FakeGateway gateway, TimeSpan? timeout = null)
    {
        await using var server = await FakeGateway.StartAsync(gateway);
        using var client = FakeGateway.Connect(server, timeout);
        return await Should.ThrowAsync<RagException>(() => client.GetStatusAsync().WithTimeout("the call"));
    }
}
