using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using RagPlatform.Contracts;
using RagPlatform.Retrieval.Storage;
using RagPlatform.Search;

namespace RagPlatform.Retrieval.Features.SnapshotCollection;

/// <summary>What a snapshot says of its collection, beside the index's own files.</summary>
internal sealed record SnapshotDescription(
    string Collection, string Model, int Dimension, string ConfigurationHash, FusionMethod? Fusion, double? VectorWeight,
    string? RerankModel = null, int? RerankCandidates = null, ChunkingSettings? Chunking = null);

/// <summary>Snapshots on disk: root/tenant/name/ with snapshot.json, options.json and index/. One that is being written has another name until it is whole.</summary>
internal sealed partial class SnapshotFolders(string root) : IDisposable
{
    private const string DescriptionFile = "snapshot.json";
    private const string UnfinishedSuffix = ".unfinished";

    private readonly SemaphoreSlim _writing = new(1, 1);

    public static string NameOf(CollectionKey collection, DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{collection.Name}-{now.UtcDateTime:yyyyMMdd-HHmmss}");

    /// <exception cref="Grpc.Errors.ServiceException">It is no snapshot's name.</exception>
    public string PathOf(Tenant tenant, string snapshot) =>
        NameExpression.IsMatch(snapshot) ? Path.Combine(root, tenant.Name, snapshot) : throw RetrievalErrors.SnapshotInvalid(snapshot);

    public void Dispose() => _writing.Dispose();

    /// <summary>Writes a snapshot whole or not at all, one at a time: any other unfinished one is what a crash left, and goes.</summary>
    /// <param name="write">Fills the folder.</param>
    /// <returns>Its bytes.</returns>
    /// <exception cref="Grpc.Errors.ServiceException">There is one of that name.</exception>
    public async Task<long> WriteAsync(Tenant tenant, string snapshot, SnapshotDescription description, Func<string, Task> write, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        try
        {
            return await WriteAloneAsync(PathOf(tenant, snapshot), snapshot, description, write);
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <exception cref="Grpc.Errors.ServiceException">There is no such snapshot, or it cannot be read.</exception>
    public SnapshotDescription Read(Tenant tenant, string snapshot)
    {
        var file = Path.Combine(PathOf(tenant, snapshot), DescriptionFile);
        if (!File.Exists(file))
        {
            throw RetrievalErrors.SnapshotNotFound(snapshot);
        }

        try
        {
            return JsonSerializer.Deserialize<SnapshotDescription>(File.ReadAllBytes(file))!;
        }
        catch (JsonException exception)
        {
            throw RetrievalErrors.SnapshotDamaged(snapshot, exception.Message);
        }
    }

    private async Task<long> WriteAloneAsync(string folder, string snapshot, SnapshotDescription description, Func<string, Task> write)
    {
        if (Directory.Exists(folder))
        {
            throw RetrievalErrors.SnapshotExists(snapshot);
        }

        foreach (var left in Directory.Exists(root) ? Directory.GetDirectories(root, $"*{UnfinishedSuffix}", SearchOption.AllDirectories) : [])
        {
            Delete(left);
        }

        var unfinished = folder + UnfinishedSuffix;
        Directory.CreateDirectory(unfinished);
        try
        {
            await write(unfinished);
            await File.WriteAllBytesAsync(Path.Combine(unfinished, DescriptionFile), JsonSerializer.SerializeToUtf8Bytes(description));
            Directory.Move(unfinished, folder);
        }
        catch
        {
            Delete(unfinished);
            throw;
        }

        return Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"\A" + Names.NamePattern + @"-[0-9]{8}-[0-9]{6}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameExpression { get; }
}
