using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace RagPlatform.Documents.Tests.Chunking;

/// <summary>Generated documents of every kind of block, as any format might yield them.</summary>
internal static class BlockLists
{
    private static readonly string[] Words =
    [
        "word", "e.g.", "3.14", "Dr.", "End.", "Really?", "\"Quoted.\"", "漢字かな。", "😀", "👨‍👩‍👧‍👦", "🇩🇪🇫🇷", "e\u0301", "ก็็", "a|b", "averylongwordwithoutabreak", "x:", "(etc.)", "…",
    ];

    private static readonly SourceLocation?[] Locations =
    [
        null, new(LocationKind.Page, 1), new(LocationKind.Page, 2), new(LocationKind.Row, 7, "Sales"), new(LocationKind.Part, 0, "mail.eml!/a.txt"),
    ];

    public static Gen<ExtractedDocument> Documents =>
        from blocks in OneBlock.ListOf().Resize(40)
        select Build(blocks);

    private static Gen<(BlockKind Kind, string Text, string Gap, int Level, SourceLocation? Location)> OneBlock =>
        from kind in Gen.Elements(Enum.GetValues<BlockKind>())
        from words in Gen.Elements(Words).NonEmptyListOf().Resize(30)
        from glue in Gen.Elements(" ", "", "\n", "  ")
        from gap in Gen.Elements("\n", "\n\n", "\n", "", "<!-- gap -->", " ")
        from level in Gen.Choose(1, 3)
        from location in Gen.Elements(Locations)
        select (kind, string.Join(glue, words).Trim(), gap, level, location);

    private static ExtractedDocument Build(IEnumerable<(BlockKind Kind, string Text, string Gap, int Level, SourceLocation? Location)> parts)
    {
        var text = new StringBuilder();
        var blocks = new List<Block>();
        var path = new List<string>();
        foreach (var part in parts)
        {
            text.Append(part.Gap);
            if (part.Kind == BlockKind.Heading)
            {
                path = [.. path.Take(part.Level - 1), part.Text];
            }

            blocks.Add(new Block(part.Kind, text.Length, text.Length + part.Text.Length, [.. path]) { Location = part.Location });
            text.Append(part.Text);
        }

        return new ExtractedDocument(text.ToString(), "", blocks);
    }
}
