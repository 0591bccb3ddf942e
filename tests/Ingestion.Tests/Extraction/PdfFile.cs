using System.Globalization;
using System.Text;

namespace RagPlatform.Ingestion.Tests.Extraction;

/// <summary>Small PDF files, written here.</summary>
internal static class PdfFile
{
    /// <summary>"The secret is kept.", which opens with the password "secret" (RC4, 128 bits; made with qpdf from a file of <see cref="Of"/>).</summary>
    public static byte[] Encrypted { get; } = Convert.FromBase64String(
        "JVBERi0xLjQKJb/3ov4KMSAwIG9iago8PCAvUGFnZXMgMiAwIFIgL1R5cGUgL0NhdGFsb2cgPj4KZW5kb2JqCjIgMCBvYmoKPDwgL0NvdW50IDEgL0tpZHMgWyAzIDAgUiBdIC9UeXBlIC9QYWdlcyA+PgplbmRvYmoKMyAwIG9iago8PCAvQ29udGVudHMgNCAwIFIgL01lZGlhQm94IFsgMCAwIDYxMiA3OTIgXSAvUGFyZW50IDIgMCBSIC9SZXNvdXJjZXMgPDwgL0ZvbnQgPDwgL0YxIDUgMCBSID4+ID4+IC9UeXBlIC9QYWdlID4+CmVuZG9iago0IDAgb2JqCjw8IC9MZW5ndGggNTggL0ZpbHRlciAvRmxhdGVEZWNvZGUgPj4Kc3RyZWFtCkELIUHaPTa8FGHXBg+/RFYuqLzLqLLUU9NDQLS4logoRGpXJ07gaTLCMR86JwkPmeSNjtaSN0FONuNlbmRzdHJlYW0KZW5kb2JqCjUgMCBvYmoKPDwgL0Jhc2VGb250IC9IZWx2ZXRpY2EgL1N1YnR5cGUgL1R5cGUxIC9UeXBlIC9Gb250ID4+CmVuZG9iago2IDAgb2JqCjw8IC9GaWx0ZXIgL1N0YW5kYXJkIC9MZW5ndGggMTI4IC9PIDwwZGI1ODU1ZmM1MzI2NTY5ZTc2NTkwNmNhZjY0ZTQ0MjlhNGMyMGQ2ZTk5NmZkZWY5NjNlOWI1MDgwZjllMDgzPiAvUCAtNCAvUiAzIC9VIDxiZWUyZDYyZTM5YzhkNTRhMGYxMDZjNTE4MDQ2NDdiZjAxMjI0NTZhOTFiYWU1MTM0MjczYTZkYjEzNGM4N2M0PiAvViAyID4+CmVuZG9iagp4cmVmCjAgNwowMDAwMDAwMDAwIDY1NTM1IGYgCjAwMDAwMDAwMTUgMDAwMDAgbiAKMDAwMDAwMDA2NCAwMDAwMCBuIAowMDAwMDAwMTIzIDAwMDAwIG4gCjAwMDAwMDAyNTEgMDAwMDAgbiAKMDAwMDAwMDM3OSAwMDAwMCBuIAowMDAwMDAwNDQ5IDAwMDAwIG4gCnRyYWlsZXIgPDwgL1Jvb3QgMSAwIFIgL1NpemUgNyAvSUQgWzwzOTZjZmE3NzMyODE2NTZiM2Y2NzdjMGQ3MjlmNjU2OD48Mzk2Y2ZhNzczMjgxNjU2YjNmNjc3YzBkNzI5ZjY1Njg+XSAvRW5jcnlwdCA2IDAgUiA+PgpzdGFydHhyZWYKNjU2CiUlRU9GCg==");

    /// <param name="claimedPages">What the page tree says it holds; the pages' number when 0.</param>
    /// <param name="pages">Lines of each page, from the top down.</param>
    public static byte[] Of(int claimedPages, params string[][] pages)
    {
        List<string> objects =
        [
            "<< /Type /Catalog /Pages 2 0 R >>",
            $"<< /Type /Pages /Kids [{string.Join(' ', pages.Select((_, index) => $"{5 + (2 * index)} 0 R"))}] /Count {(claimedPages > 0 ? claimedPages : pages.Length)} >>",
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            "<< /Title (A manual) /Author (Ada) /CreationDate (D:20240131120000Z) >>",
        ];
        foreach (var (index, page) in pages.Index())
        {
            var content = $"BT /F1 12 Tf 72 700 Td {string.Concat(page.Select(line => $"({line}) Tj 0 -14 Td "))} ET";
            objects.Add($"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents {6 + (2 * index)} 0 R >>");
            objects.Add($"<< /Length {content.Length} >>\nstream\n{content}\nendstream");
        }

        var file = new StringBuilder("%PDF-1.4\n");
        var table = new StringBuilder($"xref\n0 {objects.Count + 1}\n0000000000 65535 f \n");
        foreach (var (index, body) in objects.Index())
        {
            table.Append(CultureInfo.InvariantCulture, $"{file.Length:0000000000} 00000 n \n");
            file.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{body}\nendobj\n");
        }

        var tableStart = file.Length;
        file.Append(table).Append(CultureInfo.InvariantCulture, $"trailer << /Size {objects.Count + 1} /Root 1 0 R /Info 4 0 R >>\nstartxref\n{tableStart}\n%%EOF\n");
        return Encoding.ASCII.GetBytes(file.ToString());
    }
}
