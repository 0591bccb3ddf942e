using System.CommandLine;

namespace RagPlatform.CommandLine.Commands;

/// <summary>--metadata KEY=VALUE, as often as there are keys.</summary>
internal static class MetadataOption
{
    public static Option<IReadOnlyDictionary<string, string>> Create() => new("--metadata", "-m")
    {
        Description = "What searches can filter and count by; give it once for each key.",
        HelpName = "KEY=VALUE",
        Arity = ArgumentArity.OneOrMore,
        DefaultValueFactory = _ => new Dictionary<string, string>(),
        CustomParser = result =>
        {
            var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var token in result.Tokens)
            {
                var end = token.Value.IndexOf('=', StringComparison.Ordinal);
                if (end <= 0)
                {
                    result.AddError($"--metadata: '{token.Value}' is no KEY=VALUE, for example lang=de.");
                }
                else if (!metadata.TryAdd(token.Value[..end], token.Value[(end + 1)..]))
                {
                    result.AddError($"--metadata: the key '{token.Value[..end]}' is given twice.");
                }
            }

            return metadata;
        },
    };
}
