using System.Text.Json;
using RagPlatform.FineTuning.Datasets.Findings;

namespace RagPlatform.FineTuning.Datasets.Reading;

/// <summary>Says what is wrong with a line that is no JSON.</summary>
internal static class BrokenJson
{
    public static LineProblem Describe(JsonException error, ReadOnlySpan<byte> line, int maxDepth)
    {
        var position = Math.Min((error.BytePositionInLine ?? 0) + 1, line.Length);
        return new LineProblem(FindingCode.InvalidJson, $"The line is not JSON: it breaks off or goes wrong at byte {position:N0} of {line.Length:N0}.", Remedy(line, (int)position, maxDepth));
    }

    private static string Remedy(ReadOnlySpan<byte> line, int position, int maxDepth)
    {
        var text = line.Trim(" \t\r"u8);
        if (Depth(line[..position]) > maxDepth)
        {
            return $"Nest at most {maxDepth} objects and arrays.";
        }

        if (text.IndexOf((byte)'{') < 0)
        {
            return "Write the example as a JSON object.";
        }

        if (text.EndsWith("},"u8) || text.EndsWith("}]"u8))
        {
            return "End the line after the object: no comma or bracket between or around examples.";
        }

        if (text.StartsWith("{'"u8))
        {
            return "Put strings and keys in double quotes.";
        }

        return position >= line.Length
            ? "Close every string, array and object, and write line breaks in strings as \\n."
            : "Write it with a JSON library; line breaks in strings are \\n, quotes are \\\".";
    }

    private static int Depth(ReadOnlySpan<byte> line)
    {
        var (depth, deepest, isInString) = (0, 0, false);
        for (var i = 0; i < line.Length; i++)
        {
            switch (line[i])
            {
                case (byte)'\\' when isInString:
                    i++;
                    break;
                case (byte)'"':
                    isInString = !isInString;
                    break;
                case (byte)'{' or (byte)'[' when !isInString:
                    deepest = Math.Max(deepest, ++depth);
                    break;
                case (byte)'}' or (byte)']' when !isInString:
                    depth--;
                    break;
                default:
                    break;
            }
        }

        return deepest;
    }
}
