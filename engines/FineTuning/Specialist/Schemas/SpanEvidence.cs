using System.Text.Json;
using RagPlatform.FineTuning.Specialist.Spans;

namespace RagPlatform.FineTuning.Specialist.Schemas;

/// <summary>How many of some values are parts of their texts, and the form that writes most of them as they are.</summary>
/// <param name="Share">Of the values, 0 to 1.</param>
/// <param name="Form">The best.</param>
internal sealed record SpanEvidence(double Share, SpanForm Form)
{
    private static readonly SpanForm[] TextForms = [SpanForm.AsWritten, SpanForm.LowerCase, SpanForm.UpperCase];
    private static readonly SpanForm[] NumberForms = [SpanForm.Integer, SpanForm.Number];

    /// <param name="texts">The examples' inputs.</param>
    /// <param name="lists">An example with its values, in the output's order.</param>
    public static SpanEvidence Of(string[] texts, IReadOnlyList<(int Example, IReadOnlyList<JsonElement> Values)> lists)
    {
        var total = 0;
        var found = 0;
        var written = new int[Enum.GetValues<SpanForm>().Length];
        var isNumber = lists.SelectMany(list => list.Values).All(value => value.ValueKind == JsonValueKind.Number);
        foreach (var (example, values) in lists)
        {
            var ranges = SpanFinder.Find(texts[example], values);
            total += values.Count;
            for (var i = 0; i < ranges.Length; i++)
            {
                if (ranges[i] is not { } range)
                {
                    continue;
                }
                found++;
                var wanted = OutputJson.Canonical(values[i]);
                foreach (var form in isNumber ? NumberForms : TextForms)
                {
                    written[(int)form] += string.Equals(SpanFinder.Write(texts[example], range, form), wanted, StringComparison.Ordinal) ? 1 : 0;
                }
            }
        }
        var best = (isNumber ? NumberForms : TextForms).MaxBy(form => written[(int)form]);
        return new SpanEvidence(total == 0 ? 0 : (double)found / total, best);
    }
}
