using System.Globalization;
using Microsoft.Extensions.Options;

namespace RagPlatform.Generation;

/// <summary>Bound from "Generation", validated on start.</summary>
public sealed class GenerationOptions
{
    public const string Section = "Generation";

    /// <summary>Answers when a question names no model: "extractive" (default) or "openai/NAME".</summary>
    public string DefaultModel { get; set; } = "extractive";

    public ExtractiveOptions Extractive { get; set; } = new();

    public OpenAIOptions OpenAI { get; set; } = new();
}

/// <summary>The answerer that quotes and needs no model weights of its own.</summary>
public sealed class ExtractiveOptions
{
    /// <summary>Below this evidence of the best sentence the answer is an abstention. 0 to 1; default 0.175: bench/results/extractive-answers.md.</summary>
    public double MinEvidence { get; set; } = 0.175;

    /// <summary>Sentences quoted in one answer. 1 to 5; default 3.</summary>
    public int MaxSentences { get; set; } = 3;

    /// <summary>Sentences embedded per question; the cost of an answer grows with it. 8 to 255; default 64.</summary>
    public int MaxCandidates { get; set; } = 64;
}

/// <summary>Any endpoint that speaks OpenAI's chat completions. Off while BaseUrl and Model are empty.</summary>
public sealed class OpenAIOptions
{
    /// <summary>An http or https address up to and with the version: "https://host/v1". Default empty.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>The endpoint's name for the model, without "openai/". Default empty.</summary>
    public string Model { get; set; } = "";

    /// <summary>Sent as the bearer token; empty (default) where the endpoint asks for none.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>For one answer, retries included, in seconds. 1 to 600; default 120.</summary>
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>Asked of the endpoint, in tokens. 16 to 32,768; default 1,024.</summary>
    public int MaxOutputTokens { get; set; } = 1024;

    /// <summary>Of all sources in the prompt together, in characters (about four to a token). 2,000 to 1,000,000; default 24,000.</summary>
    public int MaxContextCharacters { get; set; } = 24_000;

    /// <summary>After a failed connection, 429 or 5xx, before the first token. 0 to 5; default 2.</summary>
    public int MaxRetries { get; set; } = 2;
}

/// <summary>Refuses to start on a value out of range, naming the setting, the value and the limits.</summary>
internal sealed class GenerationOptionsValidator : IValidateOptions<GenerationOptions>
{
    public ValidateOptionsResult Validate(string? name, GenerationOptions options)
    {
        var failures = new List<string>();
        Check("Extractive:MinEvidence", options.Extractive.MinEvidence, 0, 1);
        Check("Extractive:MaxSentences", options.Extractive.MaxSentences, 1, 5);
        Check("Extractive:MaxCandidates", options.Extractive.MaxCandidates, 8, 255);
        Check("OpenAI:TimeoutSeconds", options.OpenAI.TimeoutSeconds, 1, 600);
        Check("OpenAI:MaxOutputTokens", options.OpenAI.MaxOutputTokens, 16, 32_768);
        Check("OpenAI:MaxContextCharacters", options.OpenAI.MaxContextCharacters, 2_000, 1_000_000);
        Check("OpenAI:MaxRetries", options.OpenAI.MaxRetries, 0, 5);
        if (options.OpenAI.BaseUrl.Length > 0
            && !(Uri.TryCreate(options.OpenAI.BaseUrl, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            failures.Add($"{GenerationOptions.Section}:OpenAI:BaseUrl: '{options.OpenAI.BaseUrl}' is no http or https address, such as https://host/v1.");
        }

        if (options.DefaultModel is not ModelNames.Extractive && !options.DefaultModel.StartsWith(ModelNames.OpenAIPrefix, StringComparison.Ordinal))
        {
            failures.Add($"{GenerationOptions.Section}:DefaultModel: '{options.DefaultModel}' is neither '{ModelNames.Extractive}' nor '{ModelNames.OpenAIPrefix}NAME'.");
        }

        return failures.Count > 0 ? ValidateOptionsResult.Fail(failures) : ValidateOptionsResult.Success;

        void Check(string setting, double value, double min, double max)
        {
            if (!(value >= min && value <= max))
            {
                failures.Add(string.Create(CultureInfo.InvariantCulture, $"{GenerationOptions.Section}:{setting}: {value} is out of range; use {min} to {max}."));
            }
        }
    }
}
