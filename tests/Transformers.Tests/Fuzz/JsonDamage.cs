using System.Globalization;
using System.Text;
using System.Text.Json;

namespace RagPlatform.Transformers.Tests.Fuzz;

/// <summary>Damages a JSON file where it means something: another type or an extreme value, a member twice or gone, deep nesting.</summary>
internal static class JsonDamage
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.5", "2", "3", "64", "255", "65536", "4000000", "4000001", "2147483647", "2147483648", "-2147483648",
        "9223372036854775807", "9223372036854775808", "1e999", "-1e999", "1e-999", "NaN", "Infinity", "00", "1e", "\"\"", "\"0\"", "\" \"", "\"../x\"", "\"/etc/passwd\"",
        "\"\\ud800\"", "\"\\u0000\"", "\"a\\nb\"", "\"\\ud83d\\udc4d\"", "[]", "{}", "[[]]", "[null]", "{\"\":0}", "[1,2,3]", "\"Sequence\"", "\"(a+)+$\"", "\"(\"", "\"▁\"",
    ];

    public static byte[] Damage(byte[] file, Random random)
    {
        if (random.Next(6) == 0)
        {
            return ByteDamage.Damage(file, random);
        }

        for (var times = random.Next(1, 4); times > 0; times--)
        {
            try
            {
                using var json = JsonDocument.Parse(file, new JsonDocumentOptions { MaxDepth = 1000 });
                file = Encoding.UTF8.GetBytes(new Writer(json.RootElement, random).Write());
            }
            catch (Exception exception) when (exception is JsonException or InvalidOperationException)
            {
                // It is no JSON any more: damaged enough.
                return file;
            }
        }

        return file;
    }

    private static int Count(JsonElement element) => 1 + element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().Sum(member => Count(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().Sum(Count),
        _ => 0,
    };

    private sealed class Writer(JsonElement root, Random random)
    {
        private readonly StringBuilder _text = new();
        private int _left = random.Next(Count(root));

        public string Write()
        {
            Write(root);
            return _text.ToString();
        }

        private void Write(JsonElement element)
        {
            if (_left-- == 0)
            {
                WriteDamaged(element);
                return;
            }

            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    WriteAll('{', '}', element.EnumerateObject(), member =>
                    {
                        _text.Append(JsonSerializer.Serialize(member.Name)).Append(':');
                        Write(member.Value);
                    });
                    break;
                case JsonValueKind.Array:
                    WriteAll('[', ']', element.EnumerateArray(), Write);
                    break;
                default:
                    _text.Append(element.GetRawText());
                    break;
            }
        }

        private void WriteDamaged(JsonElement element)
        {
            var raw = element.GetRawText();
            switch (random.Next(8))
            {
                case 0:
                    var depth = random.Next(1, 200);
                    _text.Append('[', depth).Append(raw).Append(']', depth);
                    break;
                case 1 when element.ValueKind == JsonValueKind.Object && element.EnumerateObject().Any():
                    var members = element.EnumerateObject().ToList();
                    var twice = members[random.Next(members.Count)];
                    WriteMembers([.. members, twice]);
                    break;
                case 2 when element.ValueKind == JsonValueKind.Object && element.EnumerateObject().Any():
                    members = element.EnumerateObject().ToList();
                    members.RemoveAt(random.Next(members.Count));
                    WriteMembers(members);
                    break;
                case 3 when element.ValueKind == JsonValueKind.Array:
                    var items = element.EnumerateArray().Select(item => item.GetRawText()).ToList();
                    _text.Append('[').AppendJoin(',', items.Concat(Enumerable.Repeat(items.Count > 0 ? items[random.Next(items.Count)] : "0", random.Next(1, 20)))).Append(']');
                    break;
                case 4 when element.ValueKind == JsonValueKind.Number && element.TryGetInt64(out var number):
                    _text.Append((number + random.Next(-2, 3)).ToString(CultureInfo.InvariantCulture));
                    break;
                case 5 when element.ValueKind == JsonValueKind.String:
                    _text.Append('"').Insert(_text.Length, raw[1..^1], random.Next(2, 400)).Append('"');
                    break;
                default:
                    _text.Append(Values[random.Next(Values.Length)]);
                    break;
            }
        }

        private void WriteMembers(IEnumerable<JsonProperty> members) =>
            _text.Append('{').AppendJoin(',', members.Select(member => $"{JsonSerializer.Serialize(member.Name)}:{member.Value.GetRawText()}")).Append('}');

        private void WriteAll<T>(char open, char close, IEnumerable<T> items, Action<T> write)
        {
            _text.Append(open);
            var isFirst = true;
            foreach (var item in items)
            {
                _text.Append(isFirst ? "" : ",");
                isFirst = false;
                write(item);
            }

            _text.Append(close);
        }
    }
}
