using System.Text;
using Google.Protobuf.Reflection;
using RagPlatform.Contracts.Ingestion;

namespace RagPlatform.Contracts.Tests;

/// <summary>What others depend on, as text: a change shows up in review, and only additive ones are approved.</summary>
public sealed class WireSurfaceTests
{
    [Fact]
    public void BusMessages_AsApproved()
    {
        var text = new StringBuilder();
        foreach (var type in typeof(ChunksPrepared).Assembly.GetExportedTypes().Where(type => type is { IsAbstract: false, IsClass: true }).OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.AppendLine(type.FullName);
            foreach (var property in type.GetProperties().Where(property => property.DeclaringType == type).OrderBy(property => property.Name, StringComparer.Ordinal))
            {
                text.Append("  ").Append(property.Name).Append(": ").AppendLine(Describe(property.PropertyType));
            }
        }

        text.ToString().ShouldMatchApproved("bus-messages");
    }

    [Theory]
    [MemberData(nameof(ProtoFiles))]
    public void Protos_AsApproved(string package)
    {
        var text = new StringBuilder();
        foreach (var file in Files.Where(file => file.Package == package).OrderBy(file => file.Name, StringComparer.Ordinal))
        {
            Describe(file, text);
        }

        text.ToString().ShouldMatchApproved(package);
    }

    public static TheoryData<string> ProtoFiles => [.. Files.Select(file => file.Package).Distinct()];

    private static FileDescriptor[] Files =>
    [
        Protos.Gateway.V1.GatewayServiceReflection.Descriptor, Protos.Gateway.V1.GatewayMessagesReflection.Descriptor,
        Protos.Ingestion.V1.IngestionServiceReflection.Descriptor, Protos.Ingestion.V1.IngestionMessagesReflection.Descriptor,
        Protos.Embedding.V1.EmbeddingServiceReflection.Descriptor, Protos.Embedding.V1.EmbeddingMessagesReflection.Descriptor,
        Protos.Retrieval.V1.RetrievalServiceReflection.Descriptor, Protos.Retrieval.V1.RetrievalMessagesReflection.Descriptor,
        Protos.Search.V1.SearchTermsReflection.Descriptor, Protos.Documents.V1.DocumentTermsReflection.Descriptor,
        Protos.Gateway.V1.OperationsMessagesReflection.Descriptor, Protos.Ingestion.V1.OperationsMessagesReflection.Descriptor,
        Protos.Gateway.V1.SourceMessagesReflection.Descriptor, Protos.Ingestion.V1.SourceServiceReflection.Descriptor, Protos.Sources.V1.SourceTermsReflection.Descriptor,
        Protos.Gateway.V1.FinetuneServiceReflection.Descriptor, Protos.FineTune.V1.FinetuneServiceReflection.Descriptor, Protos.FineTune.V1.DatasetMessagesReflection.Descriptor,
        Protos.FineTune.V1.JobMessagesReflection.Descriptor, Protos.FineTune.V1.AdapterMessagesReflection.Descriptor,
        Protos.Generation.V1.GenerationServiceReflection.Descriptor, Protos.Generation.V1.GenerationMessagesReflection.Descriptor,
    ];

    private static void Describe(FileDescriptor file, StringBuilder text)
    {
        foreach (var method in file.Services.SelectMany(service => service.Methods))
        {
            text.Append("rpc ").Append(method.FullName).Append('(').Append(method.IsClientStreaming ? "stream " : "").Append(method.InputType.Name)
                .Append(") returns (").Append(method.IsServerStreaming ? "stream " : "").Append(method.OutputType.Name).AppendLine(")");
        }

        foreach (var message in file.MessageTypes.OrderBy(message => message.FullName, StringComparer.Ordinal))
        {
            text.Append("message ").AppendLine(message.FullName);
            foreach (var field in message.Fields.InFieldNumberOrder())
            {
                var type = field.FieldType is FieldType.Message ? field.MessageType.FullName : field.FieldType is FieldType.Enum ? field.EnumType.FullName : field.FieldType.ToString();
                text.Append("  ").Append(field.FieldNumber).Append(' ').Append(field.Name).Append(": ").Append(field.IsMap ? "map " : field.IsRepeated ? "repeated " : "").AppendLine(type);
            }
        }

        foreach (var type in file.EnumTypes.OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append("enum ").Append(type.FullName).Append(": ").AppendLine(string.Join(", ", type.Values.Select(value => $"{value.Number} {value.Name}")));
        }
    }

    private static string Describe(Type type) =>
        type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Describe))}>" : type.Name;
}
