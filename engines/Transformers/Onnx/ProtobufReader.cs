using System.Text;

namespace RagPlatform.Transformers.Onnx;

/// <summary>
/// Walks the fields of one protobuf message inside a byte array (protobuf.dev/programming-guides/encoding).
/// Every step is checked against the message's end; no field is copied.
/// </summary>
internal struct ProtobufReader(byte[] data, int start, int end, string file)
{
    private const int MaxVarintBytes = 10;

    private int position = start;

    /// <summary>The field is text, raw bytes, a message or packed numbers.</summary>
    public readonly bool IsBytes => wireType == 2;

    /// <summary>Number of the field that <see cref="Next"/> moved to.</summary>
    public int Field { get; private set; }

    private int wireType;

    private readonly bool AtEnd => position == end;

    /// <summary>Moves to the next field; false at the message's end. The field must then be read or skipped.</summary>
    public bool Next()
    {
        if (AtEnd)
        {
            return false;
        }
        var tag = Varint();
        Field = (int)Math.Min(tag >> 3, int.MaxValue);
        wireType = (int)(tag & 7);
        return true;
    }

    /// <summary>The field as a number.</summary>
    public long Number()
    {
        Expect(0);
        return (long)Varint();
    }

    /// <summary>The field as repeated numbers, packed or single.</summary>
    public void Numbers(List<long> into, int limit)
    {
        if (wireType == 0)
        {
            Append(into, limit, Number());
            return;
        }
        var packed = Message();
        while (!packed.AtEnd)
        {
            Append(into, limit, (long)packed.Varint());
        }
    }

    /// <summary>The field as an embedded message.</summary>
    public ProtobufReader Message()
    {
        var bytes = Bytes();
        return new ProtobufReader(data, bytes.Offset, bytes.Offset + bytes.Count, file);
    }

    /// <summary>The field as text.</summary>
    public string Text()
    {
        var bytes = Bytes();
        return Encoding.UTF8.GetString(bytes);
    }

    /// <summary>The field as raw bytes.</summary>
    public ArraySegment<byte> Bytes()
    {
        Expect(2);
        var length = Varint();
        if (length > (ulong)(end - position))
        {
            throw Damaged($"a field claims {length} bytes where {end - position} are left");
        }
        var bytes = new ArraySegment<byte>(data, position, (int)length);
        position += (int)length;
        return bytes;
    }

    public void Skip()
    {
        switch (wireType)
        {
            case 0:
                Varint();
                break;
            case 1:
                Advance(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Advance(4);
                break;
            default:
                throw Damaged($"wire type {wireType} does not exist");
        }
    }

    public readonly InvalidDataException Damaged(string reason) => new($"Damaged ONNX file {file}: {ModelJson.Shown(reason)} (byte {position}).");

    private readonly void Expect(int expected)
    {
        if (wireType != expected)
        {
            throw Damaged($"field {Field} has wire type {wireType} instead of {expected}");
        }
    }

    private readonly void Append(List<long> into, int limit, long number)
    {
        if (into.Count == limit)
        {
            throw Damaged($"field {Field} has more than {limit} numbers");
        }
        into.Add(number);
    }

    private void Advance(int bytes)
    {
        if (bytes > end - position)
        {
            throw Damaged("the message ends inside a field");
        }
        position += bytes;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < MaxVarintBytes && position < end; i++)
        {
            var part = data[position++];
            value |= (ulong)(part & 0x7f) << (7 * i);
            if (part < 0x80)
            {
                return value;
            }
        }
        throw Damaged("a number has no end");
    }
}
