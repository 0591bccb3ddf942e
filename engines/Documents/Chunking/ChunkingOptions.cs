using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace RagPlatform.Documents;

/// <summary>How large chunks are. Two settings with equal <see cref="Hash"/> chunk every document alike.</summary>
public sealed record ChunkingOptions
{
    /// <summary>Grows when the chunker's rules change, so that indexes built by older rules can be told apart.</summary>
    private const int RulesVersion = 1;

    /// <summary>Tokens in a chunk at most; 16 to 8,192. Leave the model room for special tokens and headings.</summary>
    public int MaxTokens { get; init; } = 200;

    /// <summary>Tokens that a chunk may repeat of the one before, in whole sentences, where a block had to be split; 0 to half of <see cref="MaxTokens"/>.</summary>
    public int OverlapTokens { get; init; } = 32;

    /// <summary>A section with fewer tokens is joined with the one after it; 0 to <see cref="MaxTokens"/>.</summary>
    public int TinySectionTokens { get; init; } = 32;

    /// <summary>UTF-16 code units in a chunk at most, however few tokens they are; 64 to 16,384.</summary>
    public int MaxCharacters { get; init; } = 4096;

    /// <summary>SHA-256 of the settings and the rules' version, lower-case hex.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"chunking/{RulesVersion} {MaxTokens} {OverlapTokens} {TinySectionTokens} {MaxCharacters}"))));

    /// <exception cref="ArgumentOutOfRangeException">Names the option, its value and its range.</exception>
    public void Validate()
    {
        Check(MaxTokens, 16, 8192, nameof(MaxTokens));
        Check(OverlapTokens, 0, MaxTokens / 2, nameof(OverlapTokens));
        Check(TinySectionTokens, 0, MaxTokens, nameof(TinySectionTokens));
        Check(MaxCharacters, 64, 16_384, nameof(MaxCharacters));
    }

    private static void Check(int value, int min, int max, string option)
    {
        if (value < min || value > max)
        {
            throw new ArgumentOutOfRangeException(option, value, string.Create(CultureInfo.InvariantCulture, $"{option} must be {min} to {max}."));
        }
    }
}
