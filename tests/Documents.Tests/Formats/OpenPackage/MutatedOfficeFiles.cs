using System.Globalization;
using System.Text;
using RagPlatform.Documents.Tests.Formats.Epub;
using RagPlatform.Documents.Tests.Formats.Excel;
using RagPlatform.Documents.Tests.Formats.PowerPoint;
using RagPlatform.Documents.Tests.Formats.Word;

namespace RagPlatform.Documents.Tests.Formats.OpenPackage;

/// <summary>
/// Files with bytes changed, in the packed file and, behind the checksums, in the markup of its parts: each is read, or fails
/// with a reason. The case's number is the seed.
/// </summary>
public sealed class MutatedOfficeFiles
{
    private const int Cases = 400;

    private static readonly string[] Fragments =
    [
        "<", ">", "/>", "\"", "&", "&lt;", "]]>", "<!--", "<![CDATA[", "<a/>", "</w:p>", "<w:p>", "<w:tbl>", "<w:tr>", "<c>", "<row>", "4294967295", "-1", "999999999999", "", "\0", "é", "rId1", "../..", "r:id", "val=\"", "<?xml version=\"1.0\" encoding=\"x\"?>",
    ];

    public static TheoryData<string> Formats => [ContentTypes.Word, ContentTypes.PowerPoint, ContentTypes.Excel, ContentTypes.Epub];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Extract_ChangedBytes_ReadsOrFailsWithAReason(string contentType)
    {
        var good = Samples.Of(contentType).Build();
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var content = good.ToArray();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                content[random.Next(content.Length)] = (byte)random.Next(256);
            }

            Check(random.Next(8) == 0 ? content[..random.Next(content.Length)] : content, contentType, seed);
        }
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Extract_ChangedMarkup_ReadsOrFailsWithAReason(string contentType)
    {
        var good = Samples.Of(contentType);
        var read = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var file = good.Copy();
            for (var part = random.Next(1, 3); part > 0; part--)
            {
                var path = file.Paths[random.Next(file.Paths.Count)];
                file.Add(path, Change(Encoding.UTF8.GetString(file.Content(path)), random));
            }

            read += Check(file.Build(), contentType, seed) ? 1 : 0;
        }

        // Else nothing behind the first check would be tried.
        read.ShouldBeGreaterThan(Cases / 10);
    }

    /// <summary>Takes some text out, moves some, repeats some or puts something in; mostly whole elements, so that much stays well-formed.</summary>
    private static string Change(string text, Random random)
    {
        var start = random.Next(text.Length + 1);
        var end = Math.Min(text.Length, start + random.Next(60));
        if (random.Next(4) > 0 && text.IndexOf('<', start) is >= 0 and var open && text.IndexOf("/>", open, StringComparison.Ordinal) is >= 0 and var close && close - open < 300)
        {
            (start, end) = (open, close + 2);
        }

        return random.Next(5) switch
        {
            0 => text.Remove(start, end - start),
            1 => text.Insert(start, Fragments[random.Next(Fragments.Length)]),
            2 => text.Insert(start, text[start..end]),
            3 => text.Remove(start, end - start).Insert(random.Next(start + 1), text[start..end]),
            _ => text.Insert(start, random.Next().ToString(CultureInfo.InvariantCulture)),
        };
    }

    private static bool Check(byte[] content, string contentType, int seed)
    {
        try
        {
            var document = Documents.Extract(content, contentType);
            foreach (var block in document.Blocks)
            {
                (block.Start >= 0 && block.Start < block.End && block.End <= document.Text.Length).ShouldBeTrue($"seed {seed}");
            }

            foreach (var link in document.Links)
            {
                (link.Start >= 0 && link.Start <= link.End && link.End <= document.Text.Length).ShouldBeTrue($"seed {seed}");
            }

            return true;
        }
        catch (ExtractionException failure)
        {
            failure.Message.ShouldNotBeEmpty();
            failure.Remedy.ShouldNotBeEmpty();
            return false;
        }
        catch (Exception exception) when (exception is not ShouldAssertException)
        {
            throw new InvalidOperationException($"{contentType} with seed {seed} broke.", exception);
        }
    }
}
