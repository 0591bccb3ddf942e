using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>By what and how large documents are cut. Two settings with equal <see cref="Hash"/> chunk every document alike.</summary>
public sealed record ChunkingOptions
{
    /// <summary>The largest that <see cref="MaxCharacters"/> may be, and what a parent holds at most, in UTF-16 code units.</summary>
    public const int LargestMaxCharacters = 16_384;

    /// <summary>Grows when the chunker's rules change, so that indexes built by older rules can be told apart.</summary>
    private const int RulesVersion = 2;

    /// <summary>Default: by structure.</summary>
    public ChunkingStrategy Strategy { get; init; }

    /// <summary>Tokens in a chunk at most; 16 to 8,192. Leave the model room for special tokens and headings.</summary>
    public int MaxTokens { get; init; } = 200;

    /// <summary>
    /// Tokens that a chunk may repeat of the one before, in whole sentences (in whole words where the windows are fixed); 0 to
    /// half of <see cref="MaxTokens"/>. By structure only where a block had to be split; a whole document repeats nothing.
    /// </summary>
    public int OverlapTokens { get; init; } = 32;

    /// <summary>A section with fewer tokens is joined with the one after it; 0 to <see cref="MaxTokens"/>. By structure, and parents.</summary>
    public int TinySectionTokens { get; init; } = 32;

    /// <summary>UTF-16 code units in a chunk at most, however few tokens they are; 64 to 16,384.</summary>
    public int MaxCharacters { get; init; } = 4096;

    /// <summary>Tokens in a parent at most; <see cref="MaxTokens"/> to 8,192. Only <see cref="ChunkingStrategy.ParentChild"/> has parents.</summary>
    public int ParentTokens { get; init; } = 600;

    /// <summary>SHA-256 of the rules' version and the settings that the strategy heeds, lower-case hex.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"chunking/{RulesVersion} {Strategy} {MaxTokens} {MaxCharacters} {Heeded()}"))));

    /// <exception cref="ArgumentOutOfRangeException">Names the option, its value and its range.</exception>
    public void Validate()
    {
        Check((int)Strategy, 0, (int)ChunkingStrategy.ParentChild, nameof(Strategy));
        Check(MaxTokens, 16, 8192, nameof(MaxTokens));
        Check(OverlapTokens, 0, MaxTokens / 2, nameof(OverlapTokens));
        Check(TinySectionTokens, 0, MaxTokens, nameof(TinySectionTokens));
        Check(MaxCharacters, 64, LargestMaxCharacters, nameof(MaxCharacters));
        if (Strategy == ChunkingStrategy.ParentChild)
        {
            Check(ParentTokens, MaxTokens, 8192, nameof(ParentTokens));
        }
    }

    private string Heeded() => Strategy switch
    {
        ChunkingStrategy.Structure => string.Create(CultureInfo.InvariantCulture, $"{OverlapTokens} {TinySectionTokens}"),
        ChunkingStrategy.ParentChild => string.Create(CultureInfo.InvariantCulture, $"{OverlapTokens} {TinySectionTokens} {ParentTokens}"),
        ChunkingStrategy.Whole => "",
        _ => OverlapTokens.ToString(CultureInfo.InvariantCulture),
    };

    private static void Check(int value, int min, int max, string option)
    {
        if (value < min || value > max)
        {
            throw new ArgumentOutOfRangeException(option, value, string.Create(CultureInfo.InvariantCulture, $"{option} must be {min} to {max}."));
        }
    }
}
