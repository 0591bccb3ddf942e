using System.Diagnostics;

namespace RagPlatform.Grpc.Clients;

/// <summary>
/// Passes the trace on in HttpClient's place, which with the headers would add a span of its own between the call's two,
/// ended at the response's headers: a third of a trace's spans, and a streamed answer that seems over before it is.
/// </summary>
internal sealed class TraceHeaderHandler : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        DistributedContextPropagator.Current.Inject(
            Activity.Current, request, static (carrier, name, value) => ((HttpRequestMessage)carrier!).Headers.TryAddWithoutValidation(name, value));
        return base.SendAsync(request, cancellationToken);
    }
}
