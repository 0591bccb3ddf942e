using System.Runtime.CompilerServices;
using RagPlatform.FineTuneJobs.Datasets;

namespace RagPlatform.FineTuneJobs.Features.ReadDatasets;

/// <summary>A tenant's datasets: one, page by page, their bytes; and their deletion.</summary>
public sealed class ReadDatasetsHandler(DatasetStore store)
{
    private const int DefaultPageSize = 100;
    private const int MaxPageSize = 1000;
    private const int PieceBytes = 256 * 1024;

    public Dataset Get(string tenant, string id) => store.Find(tenant, id) ?? throw FineTuneJobsErrors.DatasetNotFound("id", id);

    public DatasetPage List(string tenant, int pageSize, string pageToken)
    {
        var size = Pages.Size(pageSize, DefaultPageSize, MaxPageSize);
        var after = Pages.Read<DatasetPosition>(pageToken);
        var datasets = store.List(tenant, after is null ? null : (after.CreatedAt, after.Id), size + 1);
        return datasets.Count > size
            ? new DatasetPage([.. datasets.Take(size)], Pages.Write(new DatasetPosition(datasets[size - 1].CreatedAt.ToUnixTimeMilliseconds(), datasets[size - 1].Id)))
            : new DatasetPage(datasets, "");
    }

    public Task DeleteAsync(string tenant, string id, CancellationToken cancellationToken) => store.DeleteAsync(tenant, id, cancellationToken);

    /// <summary>The file as it came, in pieces; it is read to its end also if the dataset is deleted meanwhile.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> DownloadAsync(string tenant, string id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var file = Open(tenant, Get(tenant, id));
        var buffer = new byte[PieceBytes];
        while (await file.ReadAsync(buffer, cancellationToken) is > 0 and var read)
        {
            yield return buffer.AsMemory(0, read).ToArray();
        }
    }

    private FileStream Open(string tenant, Dataset dataset)
    {
        try
        {
            return new FileStream(store.PathOf(tenant, dataset), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 1, useAsync: true);
        }
        catch (FileNotFoundException)
        {
            // It was deleted between the two looks.
            throw FineTuneJobsErrors.DatasetNotFound("id", dataset.Id);
        }
    }
}

/// <param name="NextPageToken">Empty on the last page.</param>
public sealed record DatasetPage(IReadOnlyList<Dataset> Datasets, string NextPageToken);

/// <summary>Where a page ends.</summary>
internal sealed record DatasetPosition(long CreatedAt, string Id);
