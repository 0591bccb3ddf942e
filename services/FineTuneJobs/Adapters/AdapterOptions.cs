using System.ComponentModel.DataAnnotations;

namespace RagPlatform.FineTuneJobs.Adapters;

/// <summary>Bound from "FineTuneJobs:Adapters"; validated on start.</summary>
public sealed class AdapterOptions
{
    public const string Section = "FineTuneJobs:Adapters";

    /// <summary>The folder with adapters.db, drift.db and a folder of files for each adapter. Default &lt;Data:Directory&gt;/finetune.</summary>
    [Required(AllowEmptyStrings = false)]
    public string Directory { get; set; } = "";

    /// <summary>Where base models are found, and promoted retrievers and rerankers are put for the Embedding service. Default &lt;Data:Directory&gt;/models.</summary>
    [Required(AllowEmptyStrings = false)]
    public string ModelsDirectory { get; set; } = "";

    /// <summary>Adapters that a name may have promoted before and can be rolled back to. Default 100; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int KeptPromotions { get; set; } = 100;
}
