using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;
using RagPlatform.FineTuning.Datasets.Reading;

namespace RagPlatform.FineTuning.Datasets;

/// <summary>
/// Reads a file of examples as JSON Lines (one JSON object per line, UTF-8, a byte order mark allowed): chat as OpenAI's
/// fine-tuning API takes it, prompt and completion, or query and passages. Whatever the bytes are, the result is examples and
/// findings, never an exception; memory is bounded by <see cref="TrainingFileLimits"/>.
/// </summary>
public static class TrainingFile
{
    private const int LinesPerCancellationCheck = 256;

    /// <param name="stream">Read once, from where it stands, to its end or a limit.</param>
    /// <param name="name">As findings name the file, such as training.</param>
    /// <param name="limits">Of bytes, lines and depth.</param>
    /// <param name="cancellationToken">Looked at between reads and every few lines.</param>
    public static TrainingFileContent Read(Stream stream, string name, TrainingFileLimits limits, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(limits);
        var findings = new FindingLog(limits.MaxFindingsPerCode);
        var lines = new LineReader(stream, limits);
        var reader = new ExampleReader(findings, name, limits.GroupField);
        var examples = new List<TrainingExample>();
        var filled = 0L;
        while (lines.Read(cancellationToken) is { } line)
        {
            if (line.Number % LinesPerCancellationCheck == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (line.IsBlank)
            {
                continue;
            }

            filled++;
            if (filled == 1 && FileSignature.Judge(line.Bytes.Span) is { } signature)
            {
                findings.Add(signature.Code, name, line.Number, "", signature.Problem, signature.Remedy);
                break;
            }

            if (examples.Count == limits.MaxExamples)
            {
                findings.Add(
                    FindingCode.TooManyExamples, name, line.Number, "", $"The file has more than {limits.MaxExamples:N0} examples.",
                    "Train on a sample of them, or on several files one after the other.");
                break;
            }

            var problem = LineJudgement.Judge(line, limits);
            if (problem is not null)
            {
                findings.Add(problem.Code, name, line.Number, "", problem.Problem, problem.Remedy);
            }
            else if (Parse(line, limits, findings, name) is { } json)
            {
                using (json)
                {
                    if (reader.Read(line.Number, json.RootElement) is { } example)
                    {
                        examples.Add(example);
                    }
                }
            }
        }

        if (lines.IsCut)
        {
            findings.Add(
                FindingCode.FileTooLarge, name, 0, "", $"The file is over the limit of {limits.MaxBytes:N0} bytes; what lies beyond was not read.",
                "Train on a sample of it.");
        }

        reader.ReportUnknownKeys();
        if (examples.Count == 0)
        {
            findings.Add(
                FindingCode.NoExamples, name, 0, "", filled == 0 ? "The file is empty." : "No line of the file could be read as an example.",
                "Write one example per line, such as {\"messages\": [{\"role\": \"user\", \"content\": \"…\"}, {\"role\": \"assistant\", \"content\": \"…\"}]}.");
        }

        return new TrainingFileContent(name, reader.Format, lines.BytesRead, filled, examples, findings);
    }

    private static JsonDocument? Parse(Line line, TrainingFileLimits limits, FindingLog findings, string name)
    {
        try
        {
            return JsonDocument.Parse(line.Bytes, new JsonDocumentOptions { MaxDepth = limits.MaxDepth });
        }
        catch (JsonException error)
        {
            var problem = BrokenJson.Describe(error, line.Bytes.Span, limits.MaxDepth);
            findings.Add(FindingCode.InvalidJson, name, line.Number, "", problem.Problem, problem.Remedy);
            return null;
        }
    }
}
