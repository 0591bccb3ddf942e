using System.Globalization;
using Microsoft.Extensions.Options;

namespace RagPlatform.Embedding.Providers;

/// <summary>Checks every provider on start; each message names the option, its value and what is allowed.</summary>
internal sealed class ProviderOptionsValidation : IValidateOptions<EmbeddingOptions>
{
    private const int MaxPrefixCharacters = 1024;

    public ValidateOptionsResult Validate(string? name, EmbeddingOptions options)
    {
        var faults = options.Providers.SelectMany(provider => FindFaults(provider.Key, provider.Value)).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> FindFaults(string name, ProviderOptions provider)
    {
        string Option(string option) => $"{EmbeddingOptions.Section}:Providers:{name}:{option}";
        string? Range(string option, int value, int min, int max) => value >= min && value <= max
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Option(option)}: {value} is not in {min} to {max}.");

        string?[] faults =
        [
            name.Contains('/', StringComparison.Ordinal) ? $"{EmbeddingOptions.Section}:Providers: '{name}' has a slash, which ends a provider's name in a model's." : null,
            Uri.TryCreate(provider.BaseAddress, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? null
                : $"{Option(nameof(provider.BaseAddress))}: '{provider.BaseAddress}' is no http or https address. Give one with the version, such as https://api.openai.com/v1.",
            address is null or { UserInfo: "", Query: "", Fragment: "" }
                ? null
                : $"{Option(nameof(provider.BaseAddress))}: it has a user name, a query or a fragment, which messages would show. Give the address alone; the key belongs into {nameof(provider.ApiKey)}.",
            provider.ApiKey.All(character => character is > ' ' and <= '~')
                ? null
                : $"{Option(nameof(provider.ApiKey))}: it has a character that no HTTP header can carry, such as white space. Give the key alone.",
            provider.Model.Length > 0 ? null : $"{Option(nameof(provider.Model))}: it is empty. Give the provider's name of the model.",
            provider.EncodingFormat is "base64" or "float" ? null : $"{Option(nameof(provider.EncodingFormat))}: '{provider.EncodingFormat}' is not one of base64 and float.",
            provider.SendDimension && provider.Dimension == 0 ? $"{Option(nameof(provider.SendDimension))}: there is no {nameof(provider.Dimension)} to send." : null,
            Math.Max(provider.QueryPrefix.Length, provider.PassagePrefix.Length) <= MaxPrefixCharacters
                ? null
                : $"{Option(nameof(provider.QueryPrefix))} and {nameof(provider.PassagePrefix)}: at most {MaxPrefixCharacters} characters.",
            Range(nameof(provider.Dimension), provider.Dimension, 0, 65_536),
            Range(nameof(provider.MaxTokens), provider.MaxTokens, 16, 1_000_000),
            Range(nameof(provider.BatchTexts), provider.BatchTexts, 1, 2048),
            provider.BatchTokens == 0 ? null : Range(nameof(provider.BatchTokens), provider.BatchTokens, 16, 10_000_000),
            Range(nameof(provider.TimeoutSeconds), provider.TimeoutSeconds, 1, 600),
            Range(nameof(provider.MaxConcurrency), provider.MaxConcurrency, 1, 256),
        ];
        return faults.OfType<string>();
    }
}
