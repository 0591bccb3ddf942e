namespace RagPlatform.Documents;

/// <summary>META-INF/encryption.xml (EPUB 3.3, section 4.2.6.3.2): which files of a book are locked.</summary>
internal static class EpubEncryption
{
    /// <summary>Fonts are scrambled against copying, which locks nobody out.</summary>
    private static readonly string[] FontScrambling = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

    /// <exception cref="ExtractionException">Encrypted: a file of the text is.</exception>
    public static void ThrowIfLocked(EpubReader reader, EpubPackage package)
    {
        var chapters = package.Spine.Select(item => item.Path).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var data in reader.TryRead("META-INF/encryption.xml").Children("EncryptedData"))
        {
            var path = EpubPackage.Resolve("", data.Child("CipherData").Child("CipherReference").Value("URI") ?? "");
            if (chapters.Contains(path) && !FontScrambling.Contains(data.Child("EncryptionMethod").Value("Algorithm")))
            {
                throw new ExtractionException(
                    ExtractionErrorCode.Encrypted,
                    $"content: {path} in the EPUB is encrypted (META-INF/encryption.xml): the book has copy protection.",
                    "Get the book without copy protection from its publisher.");
            }
        }
    }
}
