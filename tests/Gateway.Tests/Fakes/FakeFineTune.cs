using System.Buffers.Binary;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RagPlatform.Grpc;
using RagPlatform.Protos.FineTune.V1;

namespace RagPlatform.Gateway.Tests.Fakes;

/// <summary>Every call of the fine-tuning service, on the wire: it keeps what came, and answers each with the same message.</summary>
internal sealed class FakeFineTune
{
    private const int FrameHead = 5;

    /// <summary>Each call's method, tenant and messages, one after the other.</summary>
    public ConcurrentQueue<(string Method, string Tenant, byte[] Messages)> Calls { get; } = new();

    /// <summary>Of every call; any message can hold it, as a field that it does not know.</summary>
    public required byte[] Answer { get; init; }

    public void Map(WebApplication app) => app.MapPost($"/{FineTuneJobsService.Descriptor.FullName}/{{method}}", AnswerAsync);

    private async Task AnswerAsync(HttpContext context, string method)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Calls.Enqueue((method, context.Request.Headers[GrpcServer.TenantHeader].ToString(), Unframe(body.ToArray())));
        context.Response.ContentType = "application/grpc";
        var frame = new byte[FrameHead + Answer.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), Answer.Length);
        Answer.CopyTo(frame, FrameHead);
        await context.Response.Body.WriteAsync(frame, context.RequestAborted);
        context.Response.AppendTrailer("grpc-status", "0");
    }

    private static byte[] Unframe(ReadOnlySpan<byte> body)
    {
        var messages = new List<byte>();
        while (!body.IsEmpty)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(body[1..]);
            messages.AddRange(body.Slice(FrameHead, length));
            body = body[(FrameHead + length)..];
        }

        return [.. messages];
    }
}
