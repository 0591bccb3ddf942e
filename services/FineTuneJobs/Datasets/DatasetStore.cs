using Dapper;
using Microsoft.Extensions.Options;
using RagPlatform.FineTuneJobs.Jobs;

namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>Each tenant's files by the hash of their bytes, and what is known of them in the registry. A row is written after its file, and deleted before it.</summary>
public sealed class DatasetStore(RegistryDatabase registry, IOptions<FineTuneJobsOptions> options, TimeProvider time)
{
    private static readonly TimeSpan AbandonedAfter = TimeSpan.FromHours(1);

    private const string Select = "SELECT dataset_id AS Id, name AS Name, bytes AS Bytes, sha256 AS Sha256, format AS Format, lines AS Lines, created_at AS CreatedAt FROM datasets ";

    /// <summary>Of a dataset that is there.</summary>
    public string PathOf(string tenant, Dataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return Path.Combine(FolderOf(tenant), $"{dataset.Sha256}.jsonl");
    }

    /// <summary>Where an upload grows before its hash is known.</summary>
    public string NewUploadPath(string tenant)
    {
        Directory.CreateDirectory(FolderOf(tenant));
        return Path.Combine(FolderOf(tenant), $"{Guid.NewGuid():N}.upload");
    }

    public Dataset? Find(string tenant, string id)
    {
        using var connection = registry.OpenReader();
        return connection.QuerySingleOrDefault<Row>(Select + "WHERE tenant = @tenant AND dataset_id = @id", new { tenant, id })?.ToDataset();
    }

    /// <summary>The newest first, those that come after that one.</summary>
    public IReadOnlyList<Dataset> List(string tenant, (long CreatedAt, string Id)? after, int limit)
    {
        using var connection = registry.OpenReader();
        return
        [
            .. connection.Query<Row>(
                Select + "WHERE tenant = @tenant AND (@at IS NULL OR (created_at, dataset_id) < (@at, @id)) ORDER BY created_at DESC, dataset_id DESC LIMIT @limit",
                new { tenant, at = after?.CreatedAt, id = after?.Id, limit }).Select(row => row.ToDataset()),
        ];
    }

    /// <summary>Moves the upload to its place and writes its row; durable when this returns.</summary>
    /// <returns>The dataset, and whether it was there already, then under the name that it had.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">ResourceExhausted: the tenant has no room.</exception>
    public Task<(Dataset Dataset, bool Existed)> KeepAsync(string tenant, Dataset dataset, string uploadPath, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        return registry.WriteAsync(
            write =>
            {
                if (write.Connection.QuerySingleOrDefault<Row>(Select + "WHERE tenant = @tenant AND dataset_id = @Id", new { tenant, dataset.Id }, write.Transaction) is { } existing)
                {
                    if (!File.Exists(PathOf(tenant, dataset)))
                    {
                        // A deletion was cut short between its file and its commit.
                        File.Move(uploadPath, PathOf(tenant, dataset));
                    }

                    return (existing.ToDataset(), true);
                }

                var held = write.Scalar<long>("SELECT coalesce(sum(bytes), 0) FROM datasets WHERE tenant = @tenant", new { tenant });
                if (held + dataset.Bytes > options.Value.DatasetMebibytesPerTenant * 1024L * 1024)
                {
                    throw FineTuneJobsErrors.DatasetsFull(dataset.Bytes, held, options.Value.DatasetMebibytesPerTenant);
                }

                File.Move(uploadPath, PathOf(tenant, dataset), overwrite: true);
                write.Execute(
                    "INSERT INTO datasets (tenant, dataset_id, name, bytes, sha256, format, lines, created_at) VALUES (@tenant, @Id, @Name, @Bytes, @Sha256, @Format, @Lines, @Now)",
                    new { tenant, dataset.Id, dataset.Name, dataset.Bytes, dataset.Sha256, dataset.Format, dataset.Lines, write.Now });
                return (dataset with { CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(write.Now) }, false);
            },
            cancellationToken);
    }

    /// <exception cref="Grpc.Errors.ServiceException">NotFound; FailedPrecondition while a job that is not over needs it.</exception>
    public Task<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        registry.WriteAsync(
            write =>
            {
                var dataset = write.Connection.QuerySingleOrDefault<Row>(Select + "WHERE tenant = @tenant AND dataset_id = @id", new { tenant, id }, write.Transaction)?.ToDataset()
                    ?? throw FineTuneJobsErrors.DatasetNotFound("id", id);
                var job = write.Scalar<string>(
                    "SELECT job_id FROM jobs JOIN job_datasets USING (job_number) WHERE job_datasets.tenant = @tenant AND dataset_id = @id AND state < 5 LIMIT 1", new { tenant, id });
                if (job is not null)
                {
                    throw FineTuneJobsErrors.DatasetInUse(id, job);
                }

                write.Execute("DELETE FROM datasets WHERE tenant = @tenant AND dataset_id = @id", new { tenant, id });
                // In the transaction, so that an upload of the same bytes comes before it or after it.
                File.Delete(PathOf(tenant, dataset));
                return true;
            },
            cancellationToken);

    /// <summary>What a process that was killed, or a disk that was full, left: uploads that do not grow any more, and files without a row.</summary>
    public async Task DeleteLeftAsync(CancellationToken cancellationToken)
    {
        DeleteAbandonedUploads();
        var root = new DirectoryInfo(Path.Combine(options.Value.Root, "datasets"));
        foreach (var file in root.Exists ? root.EnumerateFiles("*.jsonl", SearchOption.AllDirectories).Where(IsOld) : [])
        {
            var (tenant, sha256) = (file.Directory!.Name, Path.GetFileNameWithoutExtension(file.Name));
            await registry.WriteAsync(
                write =>
                {
                    if (write.Scalar<long>("SELECT count(*) FROM datasets WHERE tenant = @tenant AND sha256 = @sha256", new { tenant, sha256 }) == 0)
                    {
                        file.Delete();
                    }

                    return true;
                },
                cancellationToken);
        }
    }

    private bool IsOld(FileInfo file) => file.LastWriteTimeUtc < time.GetUtcNow().UtcDateTime - AbandonedAfter;

    private void DeleteAbandonedUploads()
    {
        var root = new DirectoryInfo(Path.Combine(options.Value.Root, "datasets"));
        foreach (var upload in root.Exists ? root.EnumerateFiles("*.upload", SearchOption.AllDirectories) : [])
        {
            try
            {
                // One that grows is locked; one that has just ended growing is young.
                if (IsOld(upload))
                {
                    using var taken = new FileStream(upload.FullName, FileMode.Open, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // It is still being written, or gone.
            }
        }
    }

    private string FolderOf(string tenant) => Path.Combine(options.Value.Root, "datasets", tenant);

    private sealed class Row
    {
        public string Id { get; init; } = "";
        public string Name { get; init; } = "";
        public long Bytes { get; init; }
        public string Sha256 { get; init; } = "";
        public FileFormat Format { get; init; }
        public long Lines { get; init; }
        public long CreatedAt { get; init; }

        public Dataset ToDataset() => new(Id, Name, Bytes, Sha256, Format, Lines, DateTimeOffset.FromUnixTimeMilliseconds(CreatedAt));
    }
}
