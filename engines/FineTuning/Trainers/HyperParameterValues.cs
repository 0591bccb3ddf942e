using System.Globalization;

namespace RagPlatform.FineTuning.Trainers;

/// <summary>
/// What a job asked for, checked against the knobs that its trainer knows, and what was made of "auto". Every value that is
/// taken is kept in <see cref="Used"/>, so that a run can be repeated from it.
/// </summary>
public sealed class HyperParameterValues
{
    private readonly Dictionary<string, HyperParameter> known;
    private readonly Dictionary<string, string> given = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, string> used = new(StringComparer.Ordinal);

    /// <param name="known">All that the trainer has.</param>
    /// <param name="given">By name; "auto", empty or left out: the default, or the trainer's choice where that is "auto".</param>
    /// <exception cref="TrainingException">HYPER_PARAMETER_UNKNOWN or HYPER_PARAMETER_INVALID, naming all that are wrong.</exception>
    public HyperParameterValues(IReadOnlyList<HyperParameter> known, IReadOnlyDictionary<string, string> given)
    {
        this.known = known.ToDictionary(parameter => parameter.Name, StringComparer.Ordinal);
        ThrowIfUnknown(given);
        var wrong = new List<(HyperParameter Parameter, string Problem)>();
        foreach (var (name, value) in given.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var text = value.Trim();
            if (text.Length == 0 || text == HyperParameter.Auto)
            {
                continue;
            }

            if (this.known[name].Check(text) is { } limit)
            {
                wrong.Add((this.known[name], $"{name} is '{Shortened(text)}'; it {limit}."));
            }

            this.given[name] = text;
        }

        if (wrong.Count > 0)
        {
            throw new TrainingException(
                "HYPER_PARAMETER_INVALID", string.Join(' ', wrong.Select(one => one.Problem)), $"Give a value in the range, or \"{HyperParameter.Auto}\" to let the trainer choose.");
        }
    }

    /// <summary>By name, as they were taken; those of the right type that nobody asked for are not in it.</summary>
    public IReadOnlyDictionary<string, string> Used => used;

    /// <summary>Whether the job itself gave a value, other than "auto".</summary>
    public bool IsGiven(string name) => given.ContainsKey(Known(name).Name);

    /// <param name="name">Of a number.</param>
    /// <param name="auto">Where neither the job nor the default gives a value.</param>
    public double Number(string name, double auto)
    {
        var number = Value(name) is { } text ? double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : auto;
        used[name] = HyperParameter.Text(number);
        return number;
    }

    /// <param name="name">Of a whole number.</param>
    /// <param name="auto">Where neither the job nor the default gives a value.</param>
    public int Integer(string name, int auto)
    {
        var number = Value(name) is { } text ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : auto;
        used[name] = HyperParameter.Text(number);
        return number;
    }

    /// <param name="name">Of true or false.</param>
    /// <param name="auto">Where neither the job nor the default gives a value.</param>
    public bool Boolean(string name, bool auto)
    {
        var value = Value(name) is { } text ? text == "true" : auto;
        used[name] = HyperParameter.Text(value);
        return value;
    }

    /// <param name="name">Of a word or of free text.</param>
    /// <param name="auto">Where neither the job nor the default gives a value.</param>
    public string Choice(string name, string auto)
    {
        var value = Value(name) ?? auto;
        used[name] = value;
        return value;
    }

    /// <param name="name">Of a list of words.</param>
    /// <param name="auto">Where neither the job nor the default gives a value.</param>
    public IReadOnlyList<string> Choices(string name, IReadOnlyList<string> auto)
    {
        var words = Value(name) is { } text ? HyperParameter.Words(text) : auto;
        used[name] = string.Join(',', words);
        return words;
    }

    private string? Value(string name)
    {
        var parameter = Known(name);
        return given.GetValueOrDefault(name) ?? (parameter.Default == HyperParameter.Auto ? null : parameter.Default);
    }

    private HyperParameter Known(string name) =>
        known.TryGetValue(name, out var parameter) ? parameter : throw new ArgumentException($"The trainer has no hyper-parameter '{name}'.", nameof(name));

    private void ThrowIfUnknown(IReadOnlyDictionary<string, string> given)
    {
        var unknown = given.Keys.Where(name => !known.ContainsKey(name)).Order(StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new TrainingException(
                "HYPER_PARAMETER_UNKNOWN",
                string.Join(' ', unknown.Select(name => $"There is no hyper-parameter '{Shortened(name)}' of this method.")),
                $"Known are {string.Join(", ", known.Keys)}.");
        }
    }

    private static string Shortened(string text) => text.Length <= 60 ? text : text[..60] + "…";
}
