using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Where adapters' files are: a folder each, moved there whole, renamed away before it is deleted.</summary>
public sealed class AdapterFolders(IOptions<AdapterOptions> options)
{
    private const string RemovedSuffix = ".removed";
    private const string RemoteModelFile = "remote-model.txt";

    private string Root => Path.Combine(options.Value.Directory, "adapters");

    public string Of(string id) => Path.Combine(Root, id);

    /// <summary>The same job has the same adapter, however often it is handed over.</summary>
    public static string IdOf(string tenant, string job) =>
        AdapterReference.IdPrefix + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\0{job}")))[..AdapterReference.IdDigits];

    /// <summary>Moves a job's result into its place in one step; again: nothing.</summary>
    /// <exception cref="DirectoryNotFoundException">Neither is there.</exception>
    public void Take(string id, string resultFolder, string remoteModel)
    {
        Directory.CreateDirectory(Root);
        if (Directory.Exists(Of(id)))
        {
            return;
        }

        var made = resultFolder.Length > 0 ? resultFolder : Directory.CreateDirectory(Of($".{id}.made")).FullName;
        if (remoteModel.Length > 0)
        {
            File.WriteAllText(Path.Combine(made, RemoteModelFile), remoteModel);
        }

        Directory.Move(made, Of(id));
    }

    /// <summary>Of all its files.</summary>
    public long BytesOf(string id) => new DirectoryInfo(Of(id)).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    /// <summary>At no time is half of it under its name. What a crash left of an earlier deletion goes too.</summary>
    public void Delete(string id)
    {
        if (Directory.Exists(Of(id)))
        {
            Directory.Move(Of(id), Of($".{id}{RemovedSuffix}"));
        }

        if (Directory.Exists(Root))
        {
            foreach (var leaving in Directory.GetDirectories(Root, $".*{RemovedSuffix}"))
            {
                Directory.Delete(leaving, recursive: true);
            }
        }
    }
}
