namespace RagPlatform.Search.Segments;

/// <summary>The parts of a segment. The numbers are written to disk and never change their meaning.</summary>
public enum SectionId
{
    None = 0,

    // Documents and chunks (Segments/)
    DocumentIds = 10,
    DocumentRows = 11,
    DocumentTexts = 12,
    ChunkRows = 13,
    ChunkTexts = 14,
    DocumentRecords = 15,
    RowDocuments = 16,

    // BM25 (Lexical/)
    LexicalStatistics = 20,
    RowLengths = 21,
    Terms = 22,
    TermOffsets = 23,
    TermInfos = 24,
    Postings = 25,
    PostingBlocks = 26,
    Positions = 27,
    PositionOffsets = 28,

    // Vectors (Vectors/)
    VectorStatistics = 30,
    Vectors = 31,
    VectorCodes = 32,
    VectorCodeScales = 33,
    GraphStatistics = 34,
    GraphLevels = 35,
    GraphLinks = 36,
    GraphUpperOffsets = 37,
    GraphUpperLinks = 38,
    GraphTwins = 39,

    // Metadata (Filters/)
    FieldNames = 40,
    FieldColumns = 41,
    FieldValues = 42,
    FieldValueOffsets = 43,
    FieldDocuments = 44,
    FieldNumbers = 45,
    FieldDates = 46,
    FieldDocumentOffsets = 47,
}
