using System.Text.RegularExpressions;
using RagPlatform.CommandLine.FineTuning.Html;

namespace RagPlatform.CommandLine.Tests;

public sealed class StepCurveTests
{
    [Theory]
    [InlineData(50, 0.0001, "0 0.00002 0.00004 0.00006 0.00008 0.0001", "0 10 20 30 40 50")]
    [InlineData(1234, 3.117, "0 0.5 1 1.5 2 2.5 3 3.5", "0 200 400 600 800 1,000 1,200")]
    [InlineData(2, 0, "0 0.2", "0 1 2")]
    public void Of_ACurve_HasRoundNumbersBesideItsTicks(long lastStep, double highest, string values, string steps)
    {
        var svg = StepCurve.Of("A curve.", [("curve", [(1, highest), (lastStep, highest / 2)])]);

        var texts = Regex.Matches(svg, "<text[^>]*>(?<text>[^<]*)</text>", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Groups["text"].Value).ToList();
        texts.Where(text => text != "step").ShouldBe(values.Split(' ').Concat(steps.Split(' ')));
    }
}
