using Grpc.Core;

namespace RagPlatform.Gateway.Calls;

/// <summary>Passes a stream on, message by message: the next is read when the caller has taken the last.</summary>
internal static class StreamRelay
{
    public static async Task RelayAsync<TSource, TResult>(
        this AsyncServerStreamingCall<TSource> source, IServerStreamWriter<TResult> target, Func<TSource, TResult> map, CancellationToken cancellationToken)
    {
        using (source)
        {
            while (await source.ResponseStream.MoveNext(cancellationToken))
            {
                await target.WriteAsync(map(source.ResponseStream.Current), cancellationToken);
            }
        }
    }
}
