using System.Runtime.InteropServices;
using System.Text;
using RagPlatform.Search.Segments;

namespace RagPlatform.Search.Filters;

/// <summary>Writes what a <see cref="FieldSegment"/> reads.</summary>
public static class FieldSectionWriter
{
    /// <param name="documents">Document i of the segment is documents[i].</param>
    public static void Write(ISectionWriter sections, IReadOnlyList<IndexedDocument> documents)
    {
        ArgumentNullException.ThrowIfNull(sections);
        ArgumentNullException.ThrowIfNull(documents);
        var writer = new FieldColumnsWriter(sections);
        var entries = CollectionsMarshal.AsSpan(SortedEntries(documents));
        var holders = new List<int>();
        for (var i = 0; i < entries.Length; i++)
        {
            ref readonly var entry = ref entries[i];
            var next = i + 1 < entries.Length ? entries[i + 1] : default;
            if (holders.Count == 0 || holders[^1] != entry.Document)
            {
                holders.Add(entry.Document);
            }

            var endsField = next.Name is null || !next.Name.AsSpan().SequenceEqual(entry.Name);
            if (endsField || !next.Value.AsSpan().SequenceEqual(entry.Value))
            {
                writer.AddValue(entry.Value, CollectionsMarshal.AsSpan(holders));
                holders.Clear();
            }

            if (endsField)
            {
                writer.EndField(entry.Name);
            }
        }

        writer.Finish();
    }

    /// <summary>The same bytes as if the documents that are left had been written anew.</summary>
    public static void Merge(ISectionWriter sections, IReadOnlyList<FieldMergeSource> sources, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sections);
        ArgumentNullException.ThrowIfNull(sources);
        var writer = new FieldColumnsWriter(sections);
        var next = new int[sources.Count];
        var documents = new List<int>();
        while (TryFindLeastName(sources, next, out var name))
        {
            var columns = TakeColumns(sources, next, name, out var columnSources);
            var values = new ColumnMerge(columns);
            while (values.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                documents.Clear();
                foreach (var (column, value) in values.Places)
                {
                    AddKept(documents, columns[column].Documents(value), columnSources[column].NewDocuments);
                }

                if (documents.Count > 0)
                {
                    documents.Sort();
                    writer.AddValue(values.Text, CollectionsMarshal.AsSpan(documents));
                }
            }

            if (writer.HasOpenField)
            {
                writer.EndField(name);
            }
        }

        writer.Finish();
    }

    private static List<Entry> SortedEntries(IReadOnlyList<IndexedDocument> documents)
    {
        var names = new Dictionary<string, byte[]>();
        var entries = new List<Entry>();
        for (var i = 0; i < documents.Count; i++)
        {
            foreach (var (field, value) in DocumentFields.Of(documents[i]))
            {
                if (!names.TryGetValue(field, out var name))
                {
                    names.Add(field, name = Encoding.UTF8.GetBytes(field));
                }

                entries.Add(new Entry(name, Encoding.UTF8.GetBytes(value), i));
            }
        }

        entries.Sort(Entry.Compare);
        return entries;
    }

    private static bool TryFindLeastName(IReadOnlyList<FieldMergeSource> sources, int[] next, out ReadOnlySpan<byte> least)
    {
        least = default;
        var found = false;
        for (var i = 0; i < next.Length; i++)
        {
            var fields = sources[i].Segment;
            if (next[i] < fields.FieldCount && (!found || fields.Name(next[i]).SequenceCompareTo(least) < 0))
            {
                least = fields.Name(next[i]);
                found = true;
            }
        }

        return found;
    }

    private static List<FieldColumn> TakeColumns(
        IReadOnlyList<FieldMergeSource> sources, int[] next, ReadOnlySpan<byte> name, out List<FieldMergeSource> columnSources)
    {
        var columns = new List<FieldColumn>();
        columnSources = [];
        for (var i = 0; i < next.Length; i++)
        {
            var fields = sources[i].Segment;
            if (next[i] < fields.FieldCount && fields.Name(next[i]).SequenceEqual(name))
            {
                columns.Add(fields.Column(next[i]++));
                columnSources.Add(sources[i]);
            }
        }

        return columns;
    }

    private static void AddKept(List<int> documents, ReadOnlySpan<int> holders, int[] newDocuments)
    {
        foreach (var document in holders)
        {
            if (newDocuments[document] >= 0)
            {
                documents.Add(newDocuments[document]);
            }
        }
    }

    private readonly record struct Entry(byte[] Name, byte[] Value, int Document)
    {
        public static int Compare(Entry left, Entry right)
        {
            var byName = left.Name.AsSpan().SequenceCompareTo(right.Name);
            var byValue = byName != 0 ? byName : left.Value.AsSpan().SequenceCompareTo(right.Value);
            return byValue != 0 ? byValue : left.Document.CompareTo(right.Document);
        }
    }
}

/// <param name="NewDocuments">By the segment's document: its number in the merged segment; -1: dropped.</param>
public sealed record FieldMergeSource(FieldSegment Segment, int[] NewDocuments);
