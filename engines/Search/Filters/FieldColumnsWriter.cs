using System.Runtime.InteropServices;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Filters;

/// <summary>
/// Writes the sections of a <see cref="FieldSegment"/> from values that come sorted. Texts go out as they come; what is
/// kept until the end is about 32 bytes per distinct value and 4 per document that has it.
/// </summary>
internal sealed class FieldColumnsWriter(ISectionWriter sections)
{
    private readonly Stream _texts = sections.Begin(SectionId.FieldValues);
    private readonly List<byte> _names = [];
    private readonly List<FieldPlace> _fields = [];
    private readonly List<long> _textOffsets = [0];
    private readonly List<int> _documents = [];
    private readonly List<int> _documentOffsets = [0];
    private readonly List<double> _numbers = [];
    private readonly List<long> _dates = [];

    /// <summary>Ends a field: the values added since the one before are its.</summary>
    public void EndField(ReadOnlySpan<byte> name)
    {
        _names.AddRange(name);
        _fields.Add(new FieldPlace(_names.Count, _numbers.Count));
    }

    /// <param name="text">After those before it in the field.</param>
    /// <param name="documents">Ascending, at least one.</param>
    public void AddValue(ReadOnlySpan<byte> text, ReadOnlySpan<int> documents)
    {
        var reading = FieldReading.Of(text);
        _texts.Write(text);
        _textOffsets.Add(_textOffsets[^1] + text.Length);
        _documents.AddRange(documents);
        _documentOffsets.Add(_documents.Count);
        _numbers.Add(reading.Number);
        _dates.Add(reading.DateTicks);
    }

    /// <summary>Values were added since the last field ended.</summary>
    public bool HasOpenField => _numbers.Count > (_fields.Count == 0 ? 0 : _fields[^1].ValueEnd);

    public void Finish()
    {
        Write(SectionId.FieldNames, _names);
        Write(SectionId.FieldColumns, _fields);
        Write(SectionId.FieldValueOffsets, _textOffsets);
        Write(SectionId.FieldDocuments, _documents);
        Write(SectionId.FieldDocumentOffsets, _documentOffsets);
        Write(SectionId.FieldNumbers, _numbers);
        Write(SectionId.FieldDates, _dates);
    }

    private void Write<T>(SectionId id, List<T> values)
        where T : unmanaged =>
        sections.Write<T>(id, CollectionsMarshal.AsSpan(values));
}
