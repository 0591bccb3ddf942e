using System.Text.Json;
using System.Text.Json.Serialization;
using RagPlatform.FineTuning.Specialist.Schemas;

namespace RagPlatform.FineTuning.Specialist;

/// <summary>specialist.json: all of a specialist but its weights.</summary>
internal sealed record SpecialistDescription
{
    public const string File = "specialist.json";
    public const string HeadsFile = "heads.safetensors";

    /// <summary>Of this layout; another is refused.</summary>
    public const int CurrentVersion = 2;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, MaxDepth = OutputJson.MaxDepth, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public required int Version { get; init; }

    public required string BaseModel { get; init; }

    /// <summary>Whether the encoder is the base with an adapter beside it; else its own files are here.</summary>
    public required bool IsAdapter { get; init; }

    public required OutputNode Output { get; init; }

    public required string JsonSchema { get; init; }

    /// <summary>Of the hidden states before the heads.</summary>
    public required float FeatureScale { get; init; }

    /// <summary>By head; 1 for those that are not calibrated.</summary>
    public required IReadOnlyList<double> Temperatures { get; init; }

    /// <summary>Of the whole output's confidence.</summary>
    public required ConfidenceScale Confidence { get; init; }

    /// <summary>Null where there are no labels, and so nothing that tells what is out of scope.</summary>
    public required OutOfScopeRule? OutOfScope { get; init; }

    public void Write(Stream stream) => JsonSerializer.Serialize(stream, this, Json);

    /// <exception cref="InvalidDataException">It is damaged, or of another version.</exception>
    public static SpecialistDescription Read(Stream stream)
    {
        try
        {
            using var document = JsonDocument.Parse(stream, new JsonDocumentOptions { MaxDepth = OutputJson.MaxDepth });
            // First, since another version has other fields.
            var version = document.RootElement.TryGetProperty("version", out var value) && value.TryGetInt32(out var number) ? number : 0;
            return version == CurrentVersion
                ? document.Deserialize<SpecialistDescription>(Json)!
                : throw new InvalidDataException($"{File} is of version {version}; this program reads {CurrentVersion}. Train it again.");
        }
        // Of a node that does not say its kind the serializer says that it is not supported.
        catch (Exception exception) when (exception is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw new InvalidDataException($"{File} is damaged: {exception.Message}", exception);
        }
    }
}
