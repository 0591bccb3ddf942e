using System.Text.RegularExpressions;

namespace RagPlatform.FineTuning.Datasets.Sensitive;

/// <param name="Kind">With its article, such as an e-mail address.</param>
/// <param name="IsSecret">Else personal data.</param>
/// <param name="Position">Of its first character in the text, from 0.</param>
/// <param name="Length">In characters.</param>
internal sealed record SensitiveSpan(string Kind, bool IsSecret, int Position, int Length);

/// <summary>
/// Finds secrets by the shapes that their issuers document, and personal data by shapes and check digits. It misses what has no
/// shape (names, addresses, passwords in prose) and may take an invented value for a real one.
/// </summary>
internal static partial class SensitiveData
{
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.NonBacktracking;

    private static readonly (string Anchor, string Kind, bool IsSecret, Regex Pattern, Func<string, bool> IsReal)[] Shapes =
    [
        ("sk-", "an API key", true, ApiKey, Always),
        ("AKIA", "an AWS access key", true, AwsKey, Always),
        ("ASIA", "an AWS access key", true, AwsKey, Always),
        ("gh", "a GitHub token", true, GitHubToken, Always),
        ("github_pat_", "a GitHub token", true, GitHubFineToken, Always),
        ("glpat-", "a GitLab token", true, GitLabToken, Always),
        ("AIza", "a Google API key", true, GoogleKey, Always),
        ("xox", "a Slack token", true, SlackToken, Always),
        ("k_live_", "a Stripe key", true, StripeKey, Always),
        ("hf_", "a Hugging Face token", true, HuggingFaceToken, Always),
        ("npm_", "an npm token", true, NpmToken, Always),
        ("eyJ", "a JSON Web Token", true, JsonWebToken, Always),
        ("PRIVATE KEY", "a private key", true, PrivateKey, Always),
        ("AccountKey=", "an Azure storage key", true, AzureKey, Always),
        ("://", "a password in a URL", true, UrlPassword, Always),
        ("@", "an e-mail address", false, Mail, IsRealMail),
    ];

    /// <summary>At most one of each kind, the first; none for most texts.</summary>
    public static IReadOnlyList<SensitiveSpan> Find(string text)
    {
        var found = new List<SensitiveSpan>(0);
        foreach (var (anchor, kind, isSecret, pattern, isReal) in Shapes)
        {
            if (!text.Contains(anchor, StringComparison.Ordinal) || found.Exists(span => span.Kind == kind))
            {
                continue;
            }

            for (var match = pattern.Match(text); match.Success; match = match.NextMatch())
            {
                if (isReal(match.Value))
                {
                    found.Add(new SensitiveSpan(kind, isSecret, match.Index, match.Length));
                    break;
                }
            }
        }

        found.AddRange(PersonalNumbers.Find(text));
        return found;
    }

    private static bool Always(string text) => true;

    /// <summary>RFC 2606 keeps these domains for examples.</summary>
    private static bool IsRealMail(string address)
    {
        var domain = address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..].ToLowerInvariant();
        return !(domain is "example.com" or "example.org" or "example.net"
            || domain.EndsWith(".example", StringComparison.Ordinal) || domain.EndsWith(".test", StringComparison.Ordinal)
            || domain.EndsWith(".invalid", StringComparison.Ordinal) || domain.EndsWith(".example.com", StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\bsk-[A-Za-z0-9_-]{20,}", Options)]
    private static partial Regex ApiKey { get; }

    [GeneratedRegex(@"\bA(?:KIA|SIA)[A-Z0-9]{16}\b", Options)]
    private static partial Regex AwsKey { get; }

    [GeneratedRegex(@"\bgh[pousr]_[A-Za-z0-9]{36,}", Options)]
    private static partial Regex GitHubToken { get; }

    [GeneratedRegex(@"\bgithub_pat_[A-Za-z0-9_]{22,}", Options)]
    private static partial Regex GitHubFineToken { get; }

    [GeneratedRegex(@"\bglpat-[A-Za-z0-9_-]{20,}", Options)]
    private static partial Regex GitLabToken { get; }

    [GeneratedRegex(@"\bAIza[A-Za-z0-9_-]{35}", Options)]
    private static partial Regex GoogleKey { get; }

    [GeneratedRegex(@"\bxox[abeprs]-[A-Za-z0-9-]{10,}", Options)]
    private static partial Regex SlackToken { get; }

    [GeneratedRegex(@"\b[rs]k_live_[A-Za-z0-9]{20,}", Options)]
    private static partial Regex StripeKey { get; }

    [GeneratedRegex(@"\bhf_[A-Za-z0-9]{30,}", Options)]
    private static partial Regex HuggingFaceToken { get; }

    [GeneratedRegex(@"\bnpm_[A-Za-z0-9]{36}", Options)]
    private static partial Regex NpmToken { get; }

    [GeneratedRegex(@"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}", Options)]
    private static partial Regex JsonWebToken { get; }

    [GeneratedRegex(@"-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----", Options)]
    private static partial Regex PrivateKey { get; }

    [GeneratedRegex(@"AccountKey=[A-Za-z0-9+/]{40,}", Options)]
    private static partial Regex AzureKey { get; }

    [GeneratedRegex(@"\b[a-z][a-z0-9+.-]{1,20}://[^/\s:@""']{0,100}:[^/\s:@""']{1,100}@", Options)]
    private static partial Regex UrlPassword { get; }

    [GeneratedRegex(@"\b[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b", Options)]
    private static partial Regex Mail { get; }
}
