namespace RagPlatform.EndToEnd.Tests;

/// <summary>Small documents with one fact each, so that every one of them can be found and told from the others.</summary>
internal static class Manuals
{
    public static string Id(int number) => $"manual-{number}.md";

    public static string Valve(int number) => $"V-{1000 + number}";

    public static string Text(int number) =>
        $"""
        # Pump manual {number}

        Pump {number} is oiled every {number + 3} days with mineral oil. Its housing is made of cast iron and weighs {number + 40} kilograms.

        ## Safety

        Switch pump {number} off before you open its housing. The valve code of pump {number} is {Valve(number)}. Wear gloves whenever the pump has run within the last hour, because the housing stays hot.

        ## Storage

        Keep pump {number} dry and above freezing. Before the first frost, drain the housing and close both flanges with the caps delivered with it.

        """;
}
