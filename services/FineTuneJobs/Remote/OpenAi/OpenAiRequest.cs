using System.Globalization;
using System.Text.Json;
using RagPlatform.FineTuneJobs.Jobs;
using RagPlatform.FineTuning.Trainers;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>The request that makes a job (https://platform.openai.com/docs/api-reference/fine-tuning/create).</summary>
internal static class OpenAiRequest
{
    private const int MaxSuffixCharacters = 64;

    public static readonly IReadOnlyList<HyperParameter> HyperParameters =
    [
        HyperParameter.Integer("n_epochs", 1, 50, "Times that the whole training file is read."),
        HyperParameter.Integer("batch_size", 1, 256, "Examples in a step: more make steps steadier, and fewer of them."),
        HyperParameter.Number("learning_rate_multiplier", 0.0001, 10, "Scales OpenAI's learning rate: lower it against overfitting."),
    ];

    public static BinaryData Write(Job job, string model, string trainingFile, string? validationFile)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("model", model);
            writer.WriteString("training_file", trainingFile);
            if (validationFile is not null)
            {
                writer.WriteString("validation_file", validationFile);
            }

            var suffix = job.Spec.Suffix.Length <= MaxSuffixCharacters ? job.Spec.Suffix : job.Spec.Suffix[..MaxSuffixCharacters];
            if (suffix.Length > 0)
            {
                writer.WriteString("suffix", suffix);
            }

            writer.WriteNumber("seed", (int)(job.Spec.Seed & int.MaxValue));
            WriteMethod(writer, job.Spec.HyperParameters);
            writer.WriteStartObject("metadata");
            writer.WriteString(RemoteJob.OwnJobKey, job.Id);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return BinaryData.FromBytes(stream.ToArray());
    }

    private static void WriteMethod(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> given)
    {
        writer.WriteStartObject("method");
        writer.WriteString("type", "supervised");
        writer.WriteStartObject("supervised");
        writer.WriteStartObject("hyperparameters");
        foreach (var name in HyperParameters.Select(parameter => parameter.Name))
        {
            if (!given.TryGetValue(name, out var value) || value is "" or HyperParameter.Auto)
            {
                writer.WriteString(name, HyperParameter.Auto);
            }
            else if (name == "learning_rate_multiplier")
            {
                writer.WriteNumber(name, double.Parse(value, CultureInfo.InvariantCulture));
            }
            else
            {
                writer.WriteNumber(name, int.Parse(value, CultureInfo.InvariantCulture));
            }
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
