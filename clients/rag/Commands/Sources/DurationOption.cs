using System.CommandLine;
using System.Globalization;

namespace RagPlatform.CommandLine.Commands.Sources;

/// <summary>A length of time such as 30m, 6h or 1d.</summary>
internal static class DurationOption
{
    public static Option<TimeSpan?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (Read(text) is { } duration)
            {
                return duration;
            }

            result.AddError($"{name}: '{text}' is no time; write 90s, 30m, 6h or 1d.");
            return null;
        },
    };

    private static TimeSpan? Read(string text)
    {
        if (text.Length == 0 || !int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return text == "0" ? TimeSpan.Zero : null;
        }

        // A source's largest is a year.
        return number > 366 * 86_400 ? null : text[^1] switch
        {
            's' => TimeSpan.FromSeconds(number),
            'm' when number <= 366 * 1440 => TimeSpan.FromMinutes(number),
            'h' when number <= 366 * 24 => TimeSpan.FromHours(number),
            'd' when number <= 366 => TimeSpan.FromDays(number),
            _ => null,
        };
    }
}
