using System.Text;

namespace RagPlatform.Documents;

/// <summary>The plain text of an e-mail: paragraphs, and what it quotes with "&gt;".</summary>
internal static class MailText
{
    public static void Write(DocumentTextBuilder builder, string text)
    {
        var block = new StringBuilder();
        var isQuote = false;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var quotes = line.StartsWith(">");
            if (line.IsWhiteSpace() || quotes != isQuote)
            {
                End();
            }

            isQuote = quotes;
            block.Append(line).Append('\n');
        }

        End();

        void End()
        {
            if (isQuote)
            {
                builder.AddQuote(block.ToString());
            }
            else
            {
                builder.AddParagraph(block.ToString());
            }

            block.Clear();
        }
    }

    /// <summary>format=flowed (RFC 3676): a line that ends with a space goes on in the next one of the same quoting.</summary>
    public static string Unflow(string text, bool deletesSpace)
    {
        var flowed = new StringBuilder(text.Length);
        var openQuotes = -1;
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var quotes = Math.Max(0, line.IndexOfAnyExcept('>'));
            var words = line[quotes..];
            words = words.StartsWith(" ") ? words[1..] : words;
            if (openQuotes != quotes)
            {
                flowed.Append(flowed.Length > 0 ? "\n" : "").Append('>', quotes).Append(quotes > 0 ? " " : "");
            }

            var isOpen = words.EndsWith(" ") && words is not "-- ";
            flowed.Append(isOpen && deletesSpace ? words[..^1] : words);
            openQuotes = isOpen ? quotes : -1;
        }

        return flowed.ToString();
    }
}
