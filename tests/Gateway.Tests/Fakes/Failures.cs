using Grpc.Core;
using RagPlatform.Grpc.Errors;
using RagPlatform.TestKit;

namespace RagPlatform.Gateway.Tests.Fakes;

internal static class Failures
{
    /// <summary>The failure with its details, as a caller gets it.</summary>
    public static async Task<ServiceException> OfAsync(Func<Task> call)
    {
        var exception = await Should.ThrowAsync<RpcException>(() => call().WithTimeout("the call"));
        return FailureStatus.FromRpcException(exception) ?? throw new InvalidOperationException($"{exception.Status} carries no details.", exception);
    }

    public static Task<StatusCode> StatusOfAsync(Func<Task> call) =>
        Should.ThrowAsync<RpcException>(() => call().WithTimeout("the call")).ContinueWith(thrown => thrown.Result.StatusCode, TaskScheduler.Default);

    /// <summary>Reads a stream to its end.</summary>
    public static async Task<List<T>> ReadAsync<T>(this AsyncServerStreamingCall<T> call)
    {
        using (call)
        {
            var messages = new List<T>();
            while (await call.ResponseStream.MoveNext(CancellationToken.None).WithTimeout("the next message"))
            {
                messages.Add(call.ResponseStream.Current);
            }

            return messages;
        }
    }
}
