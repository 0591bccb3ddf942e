using System.Buffers;
using Google.Protobuf;
using Grpc.Core;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

/// <summary>Sends a stream: in one message when it fits, else in pieces.</summary>
internal static class DocumentUpload
{
    /// <summary>What PutDocument takes at most.</summary>
    private const int MaxUnaryBytes = 3 * 1024 * 1024;

    private const int PieceBytes = 256 * 1024;

    public static async Task<PutResult> RunAsync(
        Stream content,
        Func<ReadOnlyMemory<byte>, Task<PutResult>> put,
        Func<AsyncClientStreamingCall<V1.UploadDocumentRequest, V1.PutDocumentResponse>> upload,
        DocumentHeader header,
        Func<RpcException, Exception> translate,
        CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxUnaryBytes + 1);
        try
        {
            var length = await content.ReadAtLeastAsync(buffer.AsMemory(0, MaxUnaryBytes + 1), MaxUnaryBytes + 1, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (length <= MaxUnaryBytes)
            {
                return await put(buffer.AsMemory(0, length)).ConfigureAwait(false);
            }

            using var call = upload();
            await SendAsync(call.RequestStream, header, buffer, length, content, cancellationToken).ConfigureAwait(false);
            return (await call.ResponseAsync.ConfigureAwait(false)).ToResult();
        }
        catch (RpcException exception)
        {
            throw translate(exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Content alone, in pieces; as much of it as the gateway takes.</summary>
    public static async Task SendAsync(IClientStreamWriter<V1.StageContentRequest> requests, Stream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            int length;
            while ((length = await content.ReadAsync(buffer.AsMemory(0, PieceBytes), cancellationToken).ConfigureAwait(false)) > 0)
            {
                if (!await TryWriteAsync(requests, new V1.StageContentRequest { Content = ByteString.CopyFrom(buffer, 0, length) }, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }

            await requests.CompleteAsync().ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Sends all, or as much as the gateway takes: where it ends the call early, its answer says why.</summary>
    private static async Task SendAsync(
        IClientStreamWriter<V1.UploadDocumentRequest> requests, DocumentHeader header, byte[] buffer, int length, Stream content, CancellationToken cancellationToken)
    {
        var isTaken = await TryWriteAsync(requests, new V1.UploadDocumentRequest { Header = header.ToRequest() }, cancellationToken).ConfigureAwait(false);
        while (length > 0)
        {
            for (var start = 0; isTaken && start < length; start += PieceBytes)
            {
                var piece = ByteString.CopyFrom(buffer, start, Math.Min(PieceBytes, length - start));
                isTaken = await TryWriteAsync(requests, new V1.UploadDocumentRequest { Content = piece }, cancellationToken).ConfigureAwait(false);
            }

            if (!isTaken)
            {
                return;
            }

            length = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }

        await requests.CompleteAsync().ConfigureAwait(false);
    }

    private static async Task<bool> TryWriteAsync<TRequest>(IClientStreamWriter<TRequest> requests, TRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await requests.WriteAsync(request, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException)
        {
            return false;
        }
    }
}
