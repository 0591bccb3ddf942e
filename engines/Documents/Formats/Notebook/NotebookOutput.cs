using System.Text;

namespace RagPlatform.Documents;

/// <summary>What a code cell showed, as text; empty for pictures.</summary>
internal static class NotebookOutput
{
    private static readonly string[] TextTypes = ["text/plain", "text/markdown", "text/latex"];

    public static string Text(JsonSlice output, ExtractionContext context)
    {
        switch (NotebookExtractor.Text(output.Member("output_type")))
        {
            case "error" or "pyerr":
                return Terminal(Traceback(output));
            case "stream":
                return Terminal(NotebookExtractor.Text(output.Member("text")));
            default:
                // Format 3 has the representations in the output itself, named "text", "html" and so on.
                return output.Member("data") is { IsObject: true } data ? Richest(data, context) : Terminal(NotebookExtractor.Text(output.Member("text")));
        }
    }

    private static string Traceback(JsonSlice output)
    {
        var lines = output.Member("traceback") is { IsArray: true } traceback ? traceback.Items().Where(line => line.IsString).Select(line => line.Text()) : [];
        var text = string.Join('\n', lines);
        return text.Length > 0 ? text : $"{NotebookExtractor.Text(output.Member("ename"))}: {NotebookExtractor.Text(output.Member("evalue"))}";
    }

    private static string Richest(JsonSlice data, ExtractionContext context)
    {
        var plain = TextTypes.Select(type => NotebookExtractor.Text(data.Member(type))).FirstOrDefault(text => text.Length > 0) ?? "";
        var representations = data.Members().Count;
        if (plain.Length > 0 && !(representations > 1 && IsPlaceholder(plain)))
        {
            return Terminal(plain);
        }

        var html = NotebookExtractor.Text(data.Member(ContentTypes.Html));
        return html.Length > 0 ? DocumentExtractor.Extract(new DocumentSource(Encoding.UTF8.GetBytes(html), ContentTypes.Html), context).Text : "";
    }

    /// <summary>"&lt;Figure size 640x480 with 1 Axes&gt;" stands for the picture beside it.</summary>
    private static bool IsPlaceholder(string text) => text.Trim() is ['<', .., '>'] line && !line.Contains('\n', StringComparison.Ordinal);

    /// <summary>As a terminal shows it: without colours (ECMA-48 control sequences), each line as its last carriage return left it.</summary>
    private static string Terminal(string text)
    {
        var shown = new StringBuilder(text.Length);
        foreach (var line in text.Split('\n'))
        {
            var visible = line.AsSpan().TrimEnd('\r');
            visible = visible[(visible.LastIndexOf('\r') + 1)..];
            AppendWithoutEscapes(shown, visible);
            shown.Append('\n');
        }

        return shown.ToString();
    }

    private static void AppendWithoutEscapes(StringBuilder shown, ReadOnlySpan<char> line)
    {
        while (line.IndexOf('\x1b') is >= 0 and var escape)
        {
            shown.Append(line[..escape]);
            line = line[(escape + 1)..];
            if (line is ['[', ..])
            {
                var final = line[1..].IndexOfAnyInRange('@', '~');
                line = final < 0 ? [] : line[(final + 2)..];
            }
        }

        shown.Append(line);
    }
}
