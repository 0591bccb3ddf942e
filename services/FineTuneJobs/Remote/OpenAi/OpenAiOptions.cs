using System.ComponentModel.DataAnnotations;

namespace RagPlatform.FineTuneJobs.Remote.OpenAi;

/// <summary>Bound from "FineTuneJobs:OpenAi"; validated on start. Off while the key is empty: then nothing leaves this machine.</summary>
public sealed class OpenAiOptions : IValidatableObject
{
    public const string Section = "FineTuneJobs:OpenAi";

    /// <summary>Sent as the bearer token. Default empty: the method openai is not offered.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>An http or https address up to and with the version. Default https://api.openai.com/v1.</summary>
    [Required(AllowEmptyStrings = false)]
    public string BaseAddress { get; set; } = "https://api.openai.com/v1";

    /// <summary>Of jobs that name none. Default gpt-4.1-mini-2025-04-14.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Model { get; set; } = "gpt-4.1-mini-2025-04-14";

    /// <summary>Between two looks at a job. Milliseconds, default 10,000; 1 to 3,600,000.</summary>
    [Range(1, 3_600_000)]
    public int PollMilliseconds { get; set; } = 10_000;

    /// <summary>After a failed connection, 429 or 5xx. Default 6; 0 to 20.</summary>
    [Range(0, 20)]
    public int MaxRetries { get; set; } = 6;

    /// <summary>Before the first retry where the endpoint names no delay; doubles, up to a minute. Milliseconds, default 1,000; 1 to 60,000.</summary>
    [Range(1, 60_000)]
    public int RetryMilliseconds { get; set; } = 1000;

    /// <summary>For one request. Seconds, default 120; 1 to 3,600.</summary>
    [Range(1, 3600)]
    public int TimeoutSeconds { get; set; } = 120;

    /// <summary>Whether the uploaded files stay at OpenAI when the job is over. Default false: they are deleted.</summary>
    public bool KeepFiles { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.TryCreate(BaseAddress, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Query.Length > 0 || address.UserInfo.Length > 0)
        {
            yield return new ValidationResult($"{Section}:BaseAddress: it is no http or https address without user name and query, such as https://api.openai.com/v1.", [nameof(BaseAddress)]);
        }

        if (ApiKey.Any(letter => letter is < '!' or > '~'))
        {
            yield return new ValidationResult($"{Section}:ApiKey: it has a character that is not printable ASCII.", [nameof(ApiKey)]);
        }
    }
}
