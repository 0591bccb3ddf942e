using System.Collections;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;

namespace RagPlatform.Gateway.Tests.Features;

/// <summary>
/// A message with every field set to a value of its own, so that a mapping that forgets one is found out. Of a oneof the
/// last is set; a message within itself is left empty.
/// </summary>
internal static class Filled
{
    public static T Message<T>()
        where T : IMessage<T>, new()
    {
        var message = new T();
        Fill(message, []);
        return message;
    }

    private static void Fill(IMessage message, HashSet<MessageDescriptor> around)
    {
        HashSet<MessageDescriptor> within = [.. around, message.Descriptor];
        foreach (var field in message.Descriptor.Fields.InFieldNumberOrder())
        {
            switch (field.Accessor.GetValue(message))
            {
                case IDictionary map:
                    map.Add(field.Name + " key", field.Name + " value");
                    break;
                case IList list:
                    list.Add(Value(field, within));
                    break;
                default:
                    field.Accessor.SetValue(message, Value(field, within));
                    break;
            }
        }
    }

    private static object Value(FieldDescriptor field, HashSet<MessageDescriptor> around)
    {
        switch (field.FieldType)
        {
            case FieldType.String:
                return field.Name;
            case FieldType.Int32:
                return field.FieldNumber;
            case FieldType.Int64:
                return (long)field.FieldNumber;
            case FieldType.Double:
                return field.FieldNumber + 0.5;
            case FieldType.Bool:
                return true;
            case FieldType.Bytes:
                return ByteString.CopyFromUtf8(field.Name);
            case FieldType.Enum:
                return 2;
            case FieldType.Message when field.MessageType == Timestamp.Descriptor:
                return new Timestamp { Seconds = field.FieldNumber };
            case FieldType.Message:
                var nested = field.MessageType.Parser.ParseFrom(ByteString.Empty);
                if (!around.Contains(field.MessageType))
                {
                    Fill(nested, around);
                }

                return nested;
            default:
                throw new NotSupportedException($"{field.FullName} is of type {field.FieldType}; teach this class to fill it.");
        }
    }
}
