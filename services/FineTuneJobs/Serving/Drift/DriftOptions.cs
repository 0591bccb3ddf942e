using System.ComponentModel.DataAnnotations;

namespace RagPlatform.FineTuneJobs.Serving.Drift;

/// <summary>Bound from "FineTuneJobs:Drift"; validated on start.</summary>
public sealed class DriftOptions
{
    public const string Section = "FineTuneJobs:Drift";

    /// <summary>The last predictions of an adapter that are judged. Default 1,000; 50 to 100,000.</summary>
    [Range(50, 100_000)]
    public int WindowPredictions { get; set; } = 1000;

    /// <summary>With fewer in the window there is no alert. Default 100; 20 to 100,000.</summary>
    [Range(20, 100_000)]
    public int MinPredictions { get; set; } = 100;

    /// <summary>How long the texts of the least sure predictions are kept, to be labelled. Hours, default 168; 0 keeps none. 0 to 8,760.</summary>
    [Range(0, 8760)]
    public int TextHours { get; set; } = 168;

    /// <summary>Texts kept of an adapter, the least sure. Default 200; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxTexts { get; set; } = 200;

    /// <summary>Between two writes of what was recorded; a crash loses that much. Seconds, default 5; 1 to 600.</summary>
    [Range(1, 600)]
    public int FlushSeconds { get; set; } = 5;
}
