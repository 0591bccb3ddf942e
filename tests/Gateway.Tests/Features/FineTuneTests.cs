using Google.Protobuf.Reflection;
using Grpc.Core;
using RagPlatform.Gateway.Tests.Fakes;
using RagPlatform.Protos.FineTune.V1;
using RagPlatform.Protos.Gateway.V1;
using RagPlatform.TestKit;

namespace RagPlatform.Gateway.Tests.Features;

public sealed class FineTuneTests
{
    /// <summary>Field 1000 holds "question": no message of ours knows it, and each passes it on.</summary>
    private static readonly byte[] Question = [0xC2, 0x3E, 8, .. "question"u8];

    private static readonly Marshaller<byte[]> Bytes = Marshallers.Create(bytes => bytes, bytes => bytes);

    public static TheoryData<string> Methods => [.. FineTuneService.Descriptor.Methods.Select(method => method.Name)];

    [Fact]
    public void PublicCalls_AreThoseOfTheService() =>
        FineTuneService.Descriptor.Methods.Select(Shape).ShouldBe(FineTuneJobsService.Descriptor.Methods.Select(Shape));

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task Call_IsPassedOnAndBack_AsItIsWithTheTenantOfItsKey(string name)
    {
        await using var server = await GatewayServer.StartAsync();
        var method = FineTuneService.Descriptor.Methods.Single(method => method.Name == name);

        var answer = await CallAsync(server.Invoker, method, GatewayServer.Key(GatewayServer.KeyOfB)).WithTimeout("the call");

        answer.ShouldBe(server.FineTune.Answer);
        var call = server.FineTune.Calls.ShouldHaveSingleItem();
        (call.Method, call.Tenant).ShouldBe((name, "b"));
        call.Messages.ShouldBe(method.IsClientStreaming ? [.. Question, .. Question] : Question);
    }

    [Fact]
    public async Task Call_ThatNamesAnotherTenantInItsHeaders_IsItsKeysTenants()
    {
        await using var server = await GatewayServer.StartAsync();
        var headers = GatewayServer.Key();
        headers.Add("rag-tenant", "b");

        await new FineTuneService.FineTuneServiceClient(server.Invoker).GetJobAsync(new GetJobRequest { Id = "job" }, headers);

        server.FineTune.Calls.ShouldHaveSingleItem().Tenant.ShouldBe("a");
    }

    [Fact]
    public async Task Call_WithoutAKey_GoesNoFurther()
    {
        await using var server = await GatewayServer.StartAsync();

        (await Should.ThrowAsync<RpcException>(async () => await new FineTuneService.FineTuneServiceClient(server.Invoker).ListJobsAsync(new ListJobsRequest())))
            .StatusCode.ShouldBe(StatusCode.Unauthenticated);

        server.FineTune.Calls.ShouldBeEmpty();
    }

    private static string Shape(MethodDescriptor method) =>
        $"{method.Name}({method.IsClientStreaming} {method.InputType.FullName}) {method.IsServerStreaming} {method.OutputType.FullName}";

    private static async Task<byte[]> CallAsync(CallInvoker invoker, MethodDescriptor descriptor, Metadata headers)
    {
        var type = descriptor.IsClientStreaming ? MethodType.ClientStreaming : descriptor.IsServerStreaming ? MethodType.ServerStreaming : MethodType.Unary;
        var method = new Method<byte[], byte[]>(type, FineTuneService.Descriptor.FullName, descriptor.Name, Bytes, Bytes);
        var options = new CallOptions(headers);
        switch (type)
        {
            case MethodType.ClientStreaming:
                using (var upload = invoker.AsyncClientStreamingCall(method, null, options))
                {
                    await upload.RequestStream.WriteAsync(Question);
                    await upload.RequestStream.WriteAsync(Question);
                    await upload.RequestStream.CompleteAsync();
                    return await upload.ResponseAsync;
                }

            case MethodType.ServerStreaming:
                using (var watch = invoker.AsyncServerStreamingCall(method, null, options, Question))
                {
                    var messages = await watch.ResponseStream.ReadAllAsync().ToListAsync();
                    return messages.ShouldHaveSingleItem();
                }

            default:
                using (var call = invoker.AsyncUnaryCall(method, null, options, Question))
                {
                    return await call.ResponseAsync;
                }
        }
    }
}
