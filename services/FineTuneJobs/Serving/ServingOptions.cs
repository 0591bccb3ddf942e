using System.ComponentModel.DataAnnotations;

namespace RagPlatform.FineTuneJobs.Serving;

/// <summary>Bound from "FineTuneJobs:Serving"; validated on start.</summary>
public sealed class ServingOptions
{
    public const string Section = "FineTuneJobs:Serving";
    private const long Mebibyte = 1024 * 1024;

    /// <summary>Adapters in memory at once; the one not used for the longest gives way. Default 32; 1 to 10,000.</summary>
    [Range(1, 10_000)]
    public int MaxLoadedAdapters { get; set; } = 32;

    /// <summary>Bytes of files of adapters in memory, and of their bases once each. Default 4 GiB; 16 MiB to 1 TiB.</summary>
    [Range(16 * Mebibyte, 1024L * 1024 * Mebibyte)]
    public long MaxLoadedBytes { get; set; } = 4096 * Mebibyte;

    /// <summary>Requests computed at once; 0, the default, for the number of processors. 0 to 1,024.</summary>
    [Range(0, 1024)]
    public int MaxConcurrent { get; set; }

    /// <summary>Requests that wait for their turn; further ones are refused with a delay. Default 256; 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int MaxWaiting { get; set; } = 256;

    /// <summary>Characters of one text. Default 32,768; 16 to 1,000,000.</summary>
    [Range(16, 1_000_000)]
    public int MaxTextCharacters { get; set; } = 32_768;

    /// <summary>Most tokens that a decoder writes for one text. Default 512; 1 to 32,768.</summary>
    [Range(1, 32_768)]
    public int MaxOutputTokens { get; set; } = 512;
}
