using System.Text;

namespace RagPlatform.Documents;

/// <summary>Encodings by the names that documents use, as the WHATWG Encoding Standard reads them.</summary>
internal static class NamedEncodings
{
    /// <returns>Null when the name is unknown, or of an encoding that no document should be in (UTF-7).</returns>
    public static DetectedEncoding? Find(string name)
    {
        name = name.Trim().ToLowerInvariant();
        var canonical = name switch
        {
            "utf-8" or "utf8" or "unicode-1-1-utf-8" => "utf-8",
            // Pages that say so mean its superset.
            "iso-8859-1" or "iso8859-1" or "latin1" or "l1" or "us-ascii" or "ascii" or "cp1252" => "windows-1252",
            "iso-8859-9" or "latin5" => "windows-1254",
            "iso-8859-11" or "tis-620" => "windows-874",
            "shift-jis" or "sjis" or "x-sjis" or "ms_kanji" or "cp932" or "windows-31j" => "shift_jis",
            "gb2312" or "gbk" or "gb_2312-80" or "x-gbk" or "cp936" => "gb18030",
            "euc-kr" or "ks_c_5601-1987" or "cp949" or "windows-949" or "ksc5601" => "ks_c_5601-1987",
            "big5-hkscs" or "cp950" or "cn-big5" => "big5",
            "utf-16" or "utf16" or "ucs-2" => "utf-16le",
            _ => name,
        };
        return canonical switch
        {
            "utf-8" => DetectedEncoding.Utf8,
            "utf-16le" => new DetectedEncoding(new UnicodeEncoding(bigEndian: false, byteOrderMark: false, throwOnInvalidBytes: true), canonical),
            "utf-16be" => new DetectedEncoding(new UnicodeEncoding(bigEndian: true, byteOrderMark: false, throwOnInvalidBytes: true), canonical),
            "utf-7" => null,
            _ => FromCodePage(canonical),
        };
    }

    private static DetectedEncoding? FromCodePage(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) is { } replacing
                ? new DetectedEncoding(CodePagesEncodingProvider.Instance.GetEncoding(name, EncoderFallback.ExceptionFallback, new DoubleByteFallback(replacing))!, name)
                : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
