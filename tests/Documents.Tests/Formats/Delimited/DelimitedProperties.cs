using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RagPlatform.Documents.Tests.Formats.Delimited;

public sealed class DelimitedProperties
{
    private static readonly Config Reproducible = Config.QuickThrowOnFailure.WithMaxTest(300).WithReplay(20261120, 7);

    private static readonly string[] Fragments = ["a", "Ünï", "漢字", "😀", " ", "\"", ",", ";", "\t", "|", "\n", "\r\n", "12", "3,5", "\\", "-"];

    [Fact]
    public void Extract_AnyTableWithItsQuotesDoubled_EveryCellIsInItsRow()
    {
        var cell = Gen.Elements(Fragments).ListOf().Resize(6).Select(string.Concat);
        var cases =
            from delimiter in Gen.Elements(',', ';', '\t', '|')
            from lineBreak in Gen.Elements("\n", "\r\n")
            from columns in Gen.Choose(2, 6)
            from rows in cell.ArrayOf(columns).ArrayOf(5)
            select (delimiter, lineBreak, rows);

        Prop.ForAll(cases.ToArbitrary(), one => Check(one.delimiter, one.lineBreak, one.rows)).Check(Reproducible);
    }

    private static void Check(char delimiter, string lineBreak, string[][] rows)
    {
        var first = Enumerable.Range(1, rows[0].Length).Select(column => $"column {column}").ToArray();
        string[][] all = [first, .. rows];
        var text = string.Concat(all.Select(row => string.Join(delimiter, row.Select(cell => $"\"{cell.Replace("\"", "\"\"")}\"")) + lineBreak));

        var document = Documents.Extract(Encoding.UTF8.GetBytes(text), "text/csv");

        document.ShouldKeepItsPromises();
        document.Warnings.ShouldBeEmpty();
        var blocks = document.Blocks.ToDictionary(block => block.Location!.Number, block => document.Text[block.Start..block.End]);
        for (var row = 0; row < all.Length; row++)
        {
            var shown = all[row].Select(cell => string.Join(' ', cell.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Replace("|", "\\|")).ToArray();
            if (shown.Any(cell => cell.Length > 0))
            {
                blocks[row + 1].Split('\n')[0].ShouldBe($"| {string.Join(" | ", shown)} |");
            }
        }
    }
}
