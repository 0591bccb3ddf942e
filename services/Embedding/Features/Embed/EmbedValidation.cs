using System.Globalization;
using RagPlatform.Embedding.Serving;
using RagPlatform.Grpc.Errors;

namespace RagPlatform.Embedding.Features.Embed;

internal static class EmbedLimits
{
    /// <summary>Texts or passages in a request.</summary>
    public const int MaxTexts = 256;

    /// <summary>In UTF-16 code units.</summary>
    public const int MaxTextCharacters = 32_768;

    /// <summary>Of one passage.</summary>
    public const int MaxHeadings = 64;
}

internal static class EmbedValidation
{
    /// <exception cref="ServiceException">InvalidArgument: names the field, its value and the limit.</exception>
    public static void Check(EmbedInput input, JobPriority priority)
    {
        CheckCounts(input, priority);
        if (Array.Find(FindFaults(input), fault => fault is not null) is { } first)
        {
            throw first;
        }
    }

    /// <summary>What is wrong with the request as a whole.</summary>
    /// <exception cref="ServiceException">InvalidArgument: names the field, its value and the limit.</exception>
    public static void CheckCounts(EmbedInput input, JobPriority priority)
    {
        if (input.Texts.Count > 0 && input.Passages.Count > 0)
        {
            throw EmbeddingErrors.TextsAndPassages(input.Texts.Count, input.Passages.Count);
        }

        if (input.Passages.Count > 0 && priority is not JobPriority.Passage)
        {
            throw EmbeddingErrors.PassagesAreNoQueries();
        }

        if (input.Count is 0 or > EmbedLimits.MaxTexts)
        {
            throw EmbeddingErrors.TextCount(input.Passages.Count > 0 ? "passages" : "texts", input.Count);
        }
    }

    /// <summary>For every text or passage what is wrong with it, or null.</summary>
    public static ServiceException?[] FindFaults(EmbedInput input) => input.Passages.Count == 0
        ? [.. input.Texts.Select((text, index) => FindLengthFault(string.Create(CultureInfo.InvariantCulture, $"texts[{index}]"), text))]
        : [.. input.Passages.Select(FindFault)];

    private static ServiceException? FindFault(EmbedPassage passage, int index) =>
        passage.HeadingPath.Count > EmbedLimits.MaxHeadings
            ? EmbeddingErrors.HeadingCount(index, passage.HeadingPath.Count)
            : FindLengthFault(string.Create(CultureInfo.InvariantCulture, $"passages[{index}].text"), passage.Text);

    private static ServiceException? FindLengthFault(string field, string text) =>
        text.Length is 0 or > EmbedLimits.MaxTextCharacters ? EmbeddingErrors.TextLength(field, text.Length) : null;
}
