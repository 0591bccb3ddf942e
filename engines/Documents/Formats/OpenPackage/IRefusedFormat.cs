namespace RagPlatform.Documents;

/// <summary>A format that is recognised only to be refused with the right reason and remedy; nothing else says that it is supported.</summary>
internal interface IRefusedFormat : IDocumentFormat;
