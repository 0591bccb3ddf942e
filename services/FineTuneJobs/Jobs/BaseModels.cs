using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuneJobs.Jobs;

/// <summary>The folder of base models, as the embedding service pulls them.</summary>
public sealed partial class BaseModels(IOptions<FineTuneJobsOptions> options)
{
    /// <summary>Null when there is none of that name.</summary>
    public BaseModelFolder? Find(string name)
    {
        if (!NameExpression.IsMatch(name) || name.Contains("..", StringComparison.Ordinal))
        {
            return null;
        }

        var folder = new BaseModelFolder(name, Path.GetFullPath(Path.Combine(options.Value.ModelsDirectory, name)));
        return folder.Exists(ModelConfigurationFile) ? folder : null;
    }

    private const string ModelConfigurationFile = "config.json";

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,95}\z", RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NameExpression { get; }
}

/// <summary>A model in Hugging Face layout.</summary>
/// <param name="Name">Of its folder.</param>
/// <param name="Path">Absolute.</param>
public sealed record BaseModelFolder(string Name, string Path) : IModelFiles
{
    public bool Exists(string name) => File.Exists(System.IO.Path.Combine(Path, name));

    public Stream Open(string name) =>
        new FileStream(System.IO.Path.Combine(Path, name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, FileOptions.SequentialScan);
}
