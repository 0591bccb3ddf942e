using System.Text;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Filters;

/// <summary>
/// The fields of one segment's documents. Of each field: its distinct values in the order of their UTF-8 bytes, and of
/// each value what it reads as and which documents have it. So a segment costs what its documents have, however many
/// different fields that makes. Safe for concurrent use.
/// </summary>
public sealed class FieldSegment
{
    private readonly Section _names;
    private readonly Section _columns;
    private readonly Section _texts;
    private readonly Section _textOffsets;
    private readonly Section _documents;
    private readonly Section _documentOffsets;
    private readonly Section _numbers;
    private readonly Section _dates;

    /// <exception cref="InvalidDataException">A section is missing, or they do not fit each other.</exception>
    public FieldSegment(SegmentSections sections)
    {
        ArgumentNullException.ThrowIfNull(sections);
        _names = sections[SectionId.FieldNames];
        _columns = sections[SectionId.FieldColumns];
        _texts = sections[SectionId.FieldValues];
        _textOffsets = sections[SectionId.FieldValueOffsets];
        _documents = sections[SectionId.FieldDocuments];
        _documentOffsets = sections[SectionId.FieldDocumentOffsets];
        _numbers = sections[SectionId.FieldNumbers];
        _dates = sections[SectionId.FieldDates];
        CheckSections();
        DocumentCount = TryFind(BuiltInFields.DocumentId, out var ids) ? ids.DocumentCount : 0;
    }

    public int DocumentCount { get; }

    public int FieldCount => Columns.Length;

    internal ReadOnlySpan<double> Numbers => _numbers.Values<double>();

    internal ReadOnlySpan<long> Dates => _dates.Values<long>();

    private ReadOnlySpan<FieldPlace> Columns => _columns.Values<FieldPlace>();

    /// <param name="index">0 to <see cref="FieldCount"/> - 1, in the order of the names' UTF-8 bytes.</param>
    public ReadOnlySpan<byte> Name(int index)
    {
        var start = index == 0 ? 0 : Columns[index - 1].NameEnd;
        return _names.Values<byte>()[start..Columns[index].NameEnd];
    }

    /// <param name="index">As with <see cref="Name"/>.</param>
    public FieldColumn Column(int index)
    {
        var first = index == 0 ? 0 : Columns[index - 1].ValueEnd;
        return new FieldColumn(this, first, Columns[index].ValueEnd - first);
    }

    /// <summary>False if none of the documents has the field.</summary>
    public bool TryFind(string field, out FieldColumn column)
    {
        var name = Encoding.UTF8.GetBytes(field);
        int low = 0, high = FieldCount - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = Name(middle).SequenceCompareTo(name);
            if (order == 0)
            {
                column = Column(middle);
                return true;
            }

            (low, high) = order < 0 ? (middle + 1, high) : (low, middle - 1);
        }

        column = default;
        return false;
    }

    internal ReadOnlySpan<byte> Text(int value)
    {
        var offsets = _textOffsets.Values<long>();
        return _texts.Slice(offsets[value], offsets[value + 1]);
    }

    internal ReadOnlySpan<int> Documents(int firstValue, int endValue)
    {
        var offsets = _documentOffsets.Values<int>();
        return _documents.Values<int>()[offsets[firstValue]..offsets[endValue]];
    }

    private void CheckSections()
    {
        var columns = Columns;
        var values = columns.IsEmpty ? 0 : columns[^1].ValueEnd;
        var textOffsets = _textOffsets.Values<long>();
        var documentOffsets = _documentOffsets.Values<int>();
        var fits = _names.Bytes == (columns.IsEmpty ? 0 : columns[^1].NameEnd)
            && textOffsets.Length == values + 1 && textOffsets[^1] == _texts.Bytes
            && documentOffsets.Length == values + 1 && documentOffsets[^1] == _documents.Values<int>().Length
            && _numbers.Values<double>().Length == values && _dates.Values<long>().Length == values;
        if (!fits)
        {
            throw new InvalidDataException($"The sections of {columns.Length} fields with {values} values do not fit each other.");
        }
    }
}

/// <summary>Where a field ends; it begins where the one before it ends.</summary>
/// <param name="NameEnd">In the bytes of <see cref="SectionId.FieldNames"/>.</param>
/// <param name="ValueEnd">In the segment's values.</param>
internal readonly record struct FieldPlace(int NameEnd, int ValueEnd);
