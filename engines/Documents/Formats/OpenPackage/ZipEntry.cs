namespace RagPlatform.Documents;

/// <summary>A file in a ZIP, as its directory declares it. Nothing of it is believed until it has been read.</summary>
/// <param name="Path">Relative, with '/', without "." and "..".</param>
/// <param name="Method">0 stored, 8 deflated (APPNOTE 4.4.5); others cannot be read.</param>
/// <param name="IsEncrypted">It asks for a password.</param>
/// <param name="Checksum">CRC-32 of the unpacked bytes.</param>
/// <param name="PackedBytes">Within the content.</param>
/// <param name="DeclaredBytes">Unpacked; may be a lie until read.</param>
/// <param name="HeaderOffset">Of its local header, within the content.</param>
internal sealed record ZipEntry(string Path, int Method, bool IsEncrypted, uint Checksum, int PackedBytes, long DeclaredBytes, int HeaderOffset);
