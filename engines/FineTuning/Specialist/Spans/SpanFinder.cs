using System.Text.Json;
using RagPlatform.FineTuning.Specialist.Schemas;

namespace RagPlatform.FineTuning.Specialist.Spans;

/// <summary>Where the values of an output stand in its text.</summary>
internal static class SpanFinder
{
    /// <summary>
    /// One range per value, null where the text does not have it. Outputs mostly list values in the text's order, so
    /// a value is looked for after the one before it first; no two values get overlapping ranges.
    /// </summary>
    /// <param name="text">The input.</param>
    /// <param name="values">Strings or numbers.</param>
    public static TextRange?[] Find(string text, IReadOnlyList<JsonElement> values)
    {
        var folded = new FoldedText(text);
        IReadOnlyList<(TextRange Range, decimal Value)>? numbers = null;
        var found = new TextRange?[values.Count];
        var taken = new List<TextRange>();
        var after = 0;
        for (var i = 0; i < values.Count; i++)
        {
            var places = values[i].ValueKind switch
            {
                JsonValueKind.String => folded.Find(FoldedText.Fold(values[i].GetString()!)),
                JsonValueKind.Number when values[i].TryGetDecimal(out var number) =>
                    (numbers ??= NumberText.FindAll(text)).Where(candidate => candidate.Value == number).Select(candidate => candidate.Range),
                _ => [],
            };
            TextRange[] free = [.. places.Where(place => !taken.Exists(place.Overlaps))];
            if (free.Length == 0)
            {
                continue;
            }
            var ahead = Array.FindIndex(free, place => place.Start >= after && folded.IsWhole(place));
            var chosen = free[Math.Max(ahead, 0)];
            found[i] = chosen;
            taken.Add(chosen);
            after = chosen.End;
        }
        return found;
    }

    /// <summary>A part of a text as an output has it.</summary>
    /// <returns>JSON; null where the part is no number and the form wants one.</returns>
    public static string? Write(string text, TextRange range, SpanForm form)
    {
        var part = text[range.Start..range.End];
        if (form is SpanForm.Integer or SpanForm.Number)
        {
            var numbers = NumberText.FindAll(part);
            return numbers.Count == 0 || (form == SpanForm.Integer && decimal.Truncate(numbers[0].Value) != numbers[0].Value)
                ? null
                : NumberText.Write(numbers[0].Value);
        }
        var words = string.Join(' ', part.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return OutputJson.Text(form switch
        {
            SpanForm.LowerCase => words.ToLowerInvariant(),
            SpanForm.UpperCase => words.ToUpperInvariant(),
            _ => words,
        });
    }
}
