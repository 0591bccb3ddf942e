namespace RagPlatform.Transformers.Onnx;

/// <summary>A step of the graph that says something about weights.</summary>
internal sealed class OnnxNode
{
    public const string Int4Product = "MatMulNBits";
    public const string Product = "MatMul";
    public const string ProductWithBias = "Gemm";
    public const string Sum = "Add";
    public const string Same = "Identity";

    private readonly Dictionary<string, long> numbers = new(StringComparer.Ordinal);
    private readonly List<string> inputs = [];

    private OnnxNode(string operation) => Operation = operation;

    public string Name { get; private set; } = "";

    public string Operation { get; }

    public IReadOnlyList<string> Inputs => inputs;

    /// <summary>The first, of several.</summary>
    public string Output { get; private set; } = "";

    /// <summary>Null for the operations that say nothing about weights.</summary>
    /// <exception cref="InvalidDataException">Damaged.</exception>
    public static OnnxNode? Read(ProtobufReader message)
    {
        var operation = "";
        for (var node = message; node.Next();)
        {
            if (node.Field == 4)
            {
                operation = node.Text();
            }
            else
            {
                node.Skip();
            }
        }
        return operation is Int4Product or Product or ProductWithBias or Sum or Same ? Read(message, operation) : null;
    }

    /// <summary>The attribute, where the node has it.</summary>
    public long Number(string attribute, long absent) => numbers.GetValueOrDefault(attribute, absent);

    public override string ToString() =>
        $"{Operation} '{Name}' has {string.Join(", ", numbers.Select(pair => $"{pair.Key} {pair.Value}"))} and {Inputs.Count} inputs";

    private static OnnxNode Read(ProtobufReader message, string operation)
    {
        var node = new OnnxNode(operation);
        while (message.Next())
        {
            switch (message.Field)
            {
                case 1:
                    node.inputs.Add(message.Text());
                    break;
                case 2 when node.Output.Length == 0:
                    node.Output = message.Text();
                    break;
                case 3:
                    node.Name = message.Text();
                    break;
                case 5:
                    var (attribute, number) = ReadAttribute(message.Message());
                    node.numbers[attribute] = number;
                    break;
                default:
                    message.Skip();
                    break;
            }
        }
        return node;
    }

    private static (string Name, long Number) ReadAttribute(ProtobufReader attribute)
    {
        var name = "";
        long number = 0;
        while (attribute.Next())
        {
            switch (attribute.Field)
            {
                case 1:
                    name = attribute.Text();
                    break;
                case 3:
                    number = attribute.Number();
                    break;
                default:
                    attribute.Skip();
                    break;
            }
        }
        return (name, number);
    }
}
