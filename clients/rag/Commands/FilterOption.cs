using System.CommandLine;
using RagPlatform.Client;

namespace RagPlatform.CommandLine.Commands;

/// <summary>--filter: read where the command line is, so that a mistake in it is one of usage.</summary>
internal static class FilterOption
{
    public static Option<Filter?> Create() => new("--filter")
    {
        Description =
            "Only documents of which this holds: FIELD =, !=, <, <=, > or >= VALUE; FIELD in (VALUE, ...); FIELD exists; joined by and, or, not and brackets. "
            + "A field is a metadata key, document_id, title or uri; a value is a number, a date (2020-01-31), or a text, in double quotes where it is more than a word.",
        HelpName = "FILTER",
        CustomParser = result =>
        {
            try
            {
                return Filter.Parse(result.Tokens[0].Value);
            }
            catch (FilterSyntaxException mistake)
            {
                result.AddError($"--filter, character {mistake.Position}: {mistake.Problem}");
                return null;
            }
        },
    };
}
