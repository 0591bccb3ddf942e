using System.Text;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.Tokenization;
using RagPlatform.Tokenization.WordPiece;
using RagPlatform.Transformers;

namespace RagPlatform.FineTuneJobs.Datasets;

/// <summary>Judges the files that a job would read, for its method and by its model's own tokenizer; one use at a time, for it takes memory.</summary>
public sealed class DatasetInspector(DatasetStore datasets, BaseModels models) : IDisposable
{
    /// <summary>Where the model is not of this machine: rather too many than too few.</summary>
    private const int GuessedBytesPerToken = 3;

    private const int GuessedMaxTokens = 8192;

    private readonly SemaphoreSlim _turn = new(1);

    /// <param name="tenant">Whose files.</param>
    /// <param name="use">Complete: with method and model.</param>
    /// <param name="maxFindingsPerCode">Kept of each code.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="Grpc.Errors.ServiceException">A file or the model is not there, or the model cannot be read.</exception>
    public async Task<DatasetReport> InspectAsync(string tenant, DatasetUse use, int maxFindingsPerCode, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(use);
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Inspect(tenant, use, maxFindingsPerCode, cancellationToken), cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private DatasetReport Inspect(string tenant, DatasetUse use, int maxFindingsPerCode, CancellationToken cancellationToken)
    {
        var files = use.Files().ToDictionary(file => file.File, file => Open(tenant, file.Field, file.Id), StringComparer.Ordinal);
        var contents = files.ToDictionary(file => file.Key, file => JobData.ReadFile(file.Value, file.Key, use.Split, cancellationToken), StringComparer.Ordinal);
        var (countTokens, maxTokens) = Tokens(use);
        var inspection = new DatasetInspection
        {
            Rules = MethodRules.For(use.Method.Name()),
            Split = use.Split.ToSettings(),
            MaxTokens = maxTokens,
            CountTokens = countTokens,
            MaxFindingsPerCode = Math.Min(maxFindingsPerCode, FindingLog.DefaultMaxPerCode),
        };
        return inspection.Inspect(contents[JobData.Training], contents.GetValueOrDefault(JobData.Validation), contents.GetValueOrDefault(JobData.Test), cancellationToken);
    }

    private string Open(string tenant, string field, string id) =>
        datasets.Find(tenant, id) is { } dataset ? datasets.PathOf(tenant, dataset) : throw FineTuneJobsErrors.DatasetNotFound(field, id);

    private (Func<string, int> Count, int MaxTokens) Tokens(DatasetUse use)
    {
        if (use.Method is TrainingMethod.OpenAI or TrainingMethod.Command || models.Find(use.BaseModel) is not { } folder)
        {
            return (text => (Encoding.UTF8.GetByteCount(text) + GuessedBytesPerToken - 1) / GuessedBytesPerToken, GuessedMaxTokens);
        }

        try
        {
            var tokenizer = ReadTokenizer(folder);
            return (text => tokenizer.Count(text), ModelDescription.Read(folder).MaxTokens);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException)
        {
            throw FineTuneJobsErrors.ModelUnreadable(use.BaseModel, exception);
        }
    }

    private static ITextTokenizer ReadTokenizer(BaseModelFolder folder)
    {
        if (folder.Exists("tokenizer.json"))
        {
            using var json = folder.Open("tokenizer.json");
            return JsonTokenizer.Read(json);
        }

        using var vocabulary = new StreamReader(folder.Open("vocab.txt"));
        return WordPieceTokenizer.FromVocabulary(vocabulary, lowerCase: true);
    }
}
