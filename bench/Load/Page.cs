namespace RagPlatform.Bench.Load;

/// <summary>A one-page document, about 500 words, that carries a marker no other has.</summary>
internal static class Page
{
    private static readonly string[] Topics =
        ["pressure", "temperature", "lubrication", "storage", "transport", "alignment", "inspection", "cleaning", "disposal", "calibration"];

    public static string Markdown(string marker)
    {
        var sections = Topics.Select((topic, index) =>
            $"## {topic} of unit {marker}\n\nBefore any work on {topic}, read the limits on plate {index + 1}. The {topic} of this unit is checked every {index + 7} days by two people. " +
            $"When the {topic} leaves its range, stop the unit, note the value and the hour, and tell the shift leader. Do not start it again before the {topic} has been back in range for {index + 20} minutes.\n");
        return $"# Manual {marker}\n\nThis manual describes unit {marker}.\n\n{string.Join('\n', sections)}";
    }
}
