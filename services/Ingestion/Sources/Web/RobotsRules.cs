using System.Text;

namespace RagPlatform.Ingestion.Sources.Web;

/// <summary>A robots.txt as it concerns us (RFC 9309): the groups of our product token, else those of "*"; the longest rule that matches wins, and allows on a tie.</summary>
public sealed class RobotsRules
{
    private const int MaxRules = 10_000;

    private readonly List<Rule> _rules = [];

    private RobotsRules()
    {
    }

    public static RobotsRules AllowAll { get; } = new();

    /// <param name="body">UTF-8; what is no rule is passed over.</param>
    /// <param name="product">Our token, such as "RagPlatform".</param>
    public static RobotsRules Read(ReadOnlySpan<byte> body, string product)
    {
        ArgumentNullException.ThrowIfNull(product);
        var (ours, any) = (new RobotsRules(), new RobotsRules());
        var agents = new List<string>();
        var (isNamed, isInRules) = (false, false);
        foreach (var line in Encoding.UTF8.GetString(body).TrimStart('\uFEFF').Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split('#')[0].Split(':', 2, StringSplitOptions.TrimEntries) is not [var name, var value])
            {
                continue;
            }

            switch (name.ToLowerInvariant())
            {
                case "user-agent":
                    if (isInRules)
                    {
                        agents.Clear();
                    }

                    isInRules = false;
                    agents.Add(value.Split('/')[0]);
                    isNamed |= value.Split('/')[0].Equals(product, StringComparison.OrdinalIgnoreCase);
                    break;
                case "allow" or "disallow":
                    isInRules = true;
                    if (agents.Contains(product, StringComparer.OrdinalIgnoreCase))
                    {
                        ours.Add(value, name.Equals("allow", StringComparison.OrdinalIgnoreCase));
                    }
                    else if (agents.Contains("*"))
                    {
                        any.Add(value, name.Equals("allow", StringComparison.OrdinalIgnoreCase));
                    }

                    break;
            }
        }

        return isNamed ? ours : any;
    }

    /// <param name="url">Its path and query are judged; robots.txt itself is always allowed.</param>
    public bool Allows(Uri url)
    {
        ArgumentNullException.ThrowIfNull(url);
        var path = url.PathAndQuery;
        var (longest, isAllowed) = (-1, true);
        foreach (var rule in _rules)
        {
            if ((rule.Length > longest || (rule.Length == longest && rule.IsAllowed)) && rule.Matches(path))
            {
                (longest, isAllowed) = (rule.Length, rule.IsAllowed);
            }
        }

        return isAllowed || path == "/robots.txt";
    }

    private void Add(string path, bool isAllowed)
    {
        if (path.Length > 0 && _rules.Count < MaxRules)
        {
            var isWhole = path.EndsWith('$');
            _rules.Add(new Rule((isWhole ? path[..^1] : path).Split('*'), isWhole, path.Length, isAllowed));
        }
    }

    /// <param name="Parts">Of the pattern, between its "*".</param>
    /// <param name="IsWhole">It ends with "$": the last part is the path's end.</param>
    /// <param name="Length">Of the whole pattern: the longest decides.</param>
    /// <param name="IsAllowed">What it says of a path that matches.</param>
    private sealed record Rule(string[] Parts, bool IsWhole, int Length, bool IsAllowed)
    {
        /// <summary>The leftmost place of each part is as good as any: one pass, whatever the pattern.</summary>
        public bool Matches(string path)
        {
            if (!path.StartsWith(Parts[0], StringComparison.Ordinal))
            {
                return false;
            }

            var at = Parts[0].Length;
            foreach (var part in IsWhole ? Parts.AsSpan(1, Math.Max(0, Parts.Length - 2)) : Parts.AsSpan(1))
            {
                var found = path.IndexOf(part, at, StringComparison.Ordinal);
                if (found < 0)
                {
                    return false;
                }

                at = found + part.Length;
            }

            return !IsWhole || (Parts.Length == 1 ? path.Length == at : path.Length - at >= Parts[^1].Length && path.EndsWith(Parts[^1], StringComparison.Ordinal));
        }
    }
}
