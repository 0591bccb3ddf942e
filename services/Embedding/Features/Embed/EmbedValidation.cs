using System.Globalization;
using RagPlatform.Embedding.Serving;

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
    /// <exception cref="Grpc.Errors.ServiceException">InvalidArgument: names the field, its value and the limit.</exception>
    public static void Check(EmbedInput input, JobPriority priority)
    {
        if (input.Passages.Count == 0)
        {
            CheckCount("texts", input.Texts.Count);
            CheckLengths(input.Texts, index => string.Create(CultureInfo.InvariantCulture, $"texts[{index}]"));
            return;
        }

        if (input.Texts.Count > 0)
        {
            throw EmbeddingErrors.TextsAndPassages(input.Texts.Count, input.Passages.Count);
        }

        if (priority is not JobPriority.Passage)
        {
            throw EmbeddingErrors.PassagesAreNoQueries();
        }

        CheckCount("passages", input.Passages.Count);
        CheckLengths([.. input.Passages.Select(passage => passage.Text)], index => string.Create(CultureInfo.InvariantCulture, $"passages[{index}].text"));
        for (var index = 0; index < input.Passages.Count; index++)
        {
            if (input.Passages[index].HeadingPath.Count > EmbedLimits.MaxHeadings)
            {
                throw EmbeddingErrors.HeadingCount(index, input.Passages[index].HeadingPath.Count);
            }
        }
    }

    private static void CheckCount(string field, int count)
    {
        if (count is 0 or > EmbedLimits.MaxTexts)
        {
            throw EmbeddingErrors.TextCount(field, count);
        }
    }

    private static void CheckLengths(IReadOnlyList<string> texts, Func<int, string> field)
    {
        for (var index = 0; index < texts.Count; index++)
        {
            if (texts[index].Length is 0 or > EmbedLimits.MaxTextCharacters)
            {
                throw EmbeddingErrors.TextLength(field(index), texts[index].Length);
            }
        }
    }
}
