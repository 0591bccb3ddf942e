namespace RagPlatform.Transformers.Training.Decoder;

/// <summary>
/// How low-rank pairs begin, as PEFT has it: A uniform within ±1/√inputs (Kaiming with a = √5), B zero, so that the model is the
/// base at first.
/// </summary>
internal static class LoraBeginning
{
    public static void Draw(IReadOnlyList<Parameter> parameters, ulong seed)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            if (parameters[i].Name.EndsWith(".lora_A.weight", StringComparison.Ordinal))
            {
                var random = new Random(unchecked((int)(seed ^ (seed >> 32)) * 31 + i));
                var range = 1 / MathF.Sqrt(parameters[i].Columns);
                foreach (ref var value in parameters[i].Values.AsSpan())
                {
                    value = (random.NextSingle() * 2 - 1) * range;
                }
            }
        }
    }
}
