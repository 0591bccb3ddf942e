using System.Globalization;

namespace RagPlatform.FineTuning.Trainers;

/// <summary>A knob of a trainer, as help and validation know it.</summary>
/// <param name="Name">Such as learning_rate.</param>
/// <param name="Default">"auto" where it depends on data and model.</param>
/// <param name="Range">For people, such as "1e-6 to 1" or "none, linear, cosine".</param>
/// <param name="Effect">One sentence.</param>
/// <param name="Check">Why a value cannot be used, as the end of a sentence: "must be ..."; null where it can. "auto" is never asked about.</param>
public sealed record HyperParameter(string Name, string Default, string Range, string Effect, Func<string, string?> Check)
{
    /// <summary>The value that leaves the choice to the trainer.</summary>
    public const string Auto = "auto";

    /// <summary>A finite number from <paramref name="least"/> to <paramref name="most"/>, in the invariant culture: 0.0001 or 1e-4.</summary>
    public static HyperParameter Number(string name, double least, double most, string effect, double? standard = null)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        return new HyperParameter(name, standard is { } value ? Text(value) : Auto, range, effect, Check);

        string? Check(string text) =>
            TryNumber(text, out var number) && number >= least && number <= most ? null : $"must be a number from {range}";
    }

    /// <summary>A whole number from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static HyperParameter Integer(string name, int least, int most, string effect, int? standard = null)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"{least} to {most}");
        return new HyperParameter(name, standard is { } value ? Text(value) : Auto, range, effect, Check);

        string? Check(string text) =>
            TryInteger(text, out var number) && number >= least && number <= most ? null : $"must be a whole number from {range}";
    }

    /// <summary>One of a closed set of words.</summary>
    public static HyperParameter Choice(string name, IReadOnlyList<string> choices, string effect, string standard = Auto)
    {
        var range = string.Join(", ", choices);
        return new HyperParameter(name, standard, range, effect, text => choices.Contains(text, StringComparer.Ordinal) ? null : $"must be one of {range}");
    }

    /// <summary>true or false.</summary>
    public static HyperParameter Boolean(string name, string effect, bool? standard = null) =>
        Choice(name, ["true", "false"], effect, standard is { } value ? Text(value) : Auto);

    /// <summary>One or more of a closed set of words, each once, with commas between.</summary>
    public static HyperParameter Choices(string name, IReadOnlyList<string> choices, string effect, string standard = Auto)
    {
        var range = $"one or more of {string.Join(", ", choices)}, with commas between";
        return new HyperParameter(name, standard, range, effect, Check);

        string? Check(string text)
        {
            var words = Words(text);
            return words.Count > 0 && words.Distinct(StringComparer.Ordinal).Count() == words.Count && words.All(word => choices.Contains(word, StringComparer.Ordinal))
                ? null
                : $"must be {range}";
        }
    }

    internal static bool TryNumber(string text, out double number) =>
        double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number)
        && double.IsFinite(number);

    internal static bool TryInteger(string text, out int number) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);

    internal static IReadOnlyList<string> Words(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    internal static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    internal static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    internal static string Text(bool value) => value ? "true" : "false";
}
