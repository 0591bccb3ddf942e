namespace RagPlatform.Documents;

/// <summary>What every document is told beside its format's own: language, encoding, and what was found to be otherwise than declared.</summary>
internal static class DocumentFinish
{
    public static ExtractedDocument Apply(ExtractedDocument document, DocumentSource source, IDocumentFormat format)
    {
        var warnings = new List<string>();
        var properties = document.Properties;
        if (source.Mismatch is { } mismatch)
        {
            warnings.Add(mismatch);
        }

        if (format is { IsText: true } and not EmailFormat && TextDecoder.Detect(source) is { } encoding && encoding.Name != DetectedEncoding.Utf8.Name)
        {
            properties = properties with { Metadata = new Dictionary<string, string>(properties.Metadata, StringComparer.Ordinal) { ["encoding"] = encoding.Name } };
            if (encoding.IsGuessed)
            {
                warnings.Add($"Nothing says how the text is encoded; it is read as {encoding.Name}, which is what it looks like. Declare its charset if that is wrong.");
            }
        }

        if (properties.Language.Length == 0)
        {
            var language = LanguageRecognizer.Recognize(document.Text);
            // A few names in Chinese characters, in an encoding that only Japanese uses.
            var isJapanese = language == "zh" && properties.Metadata.GetValueOrDefault("encoding") is "shift_jis" or "euc-jp";
            properties = properties with { Language = isJapanese ? "ja" : language };
        }

        return document with { Properties = properties, Warnings = warnings.Count == 0 ? document.Warnings : [.. warnings.Concat(document.Warnings).Take(DocumentExtractor.MaxWarnings)] };
    }
}
