using System.Runtime.CompilerServices;
using V1 = RagPlatform.Protos.Gateway.V1;

namespace RagPlatform.Client;

public sealed partial class RagClient
{
    /// <summary>Begins a second index beside the one that is searched; one at a time per collection. It goes on when the caller leaves.</summary>
    /// <param name="collection">"default" when empty.</param>
    /// <param name="build">What the new index is to be.</param>
    /// <param name="cancellationToken">Ends the call, not the build.</param>
    public async Task<IndexBuild> StartBuildAsync(string collection, IndexBuildOptions build, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(build);
        var request = new V1.StartBuildRequest { Collection = collection, Model = build.Model, Store = build.Store, ChunkAgain = build.ChunkAgain };
        var response = await CallAsync(options => _gateway.StartBuildAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Build.ToBuild();
    }

    /// <summary>How far the collection's build is, until it rests (succeeded, failed or cancelled).</summary>
    public async IAsyncEnumerable<IndexBuild> WatchBuildAsync(string collection = "", [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var request = new V1.WatchBuildRequest { Collection = collection };
        await foreach (var response in StreamAsync(options => _gateway.WatchBuild(request, options), cancellationToken).ConfigureAwait(false))
        {
            yield return response.Build.ToBuild();
        }
    }

    /// <summary>Ends the collection's build; what is searched stays as it is.</summary>
    public async Task<IndexBuild> CancelBuildAsync(string collection = "", CancellationToken cancellationToken = default)
    {
        var request = new V1.CancelBuildRequest { Collection = collection };
        var response = await CallAsync(options => _gateway.CancelBuildAsync(request, options), cancellationToken).ConfigureAwait(false);
        return response.Build.ToBuild();
    }
}
