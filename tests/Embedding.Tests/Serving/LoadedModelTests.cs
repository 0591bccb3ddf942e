using RagPlatform.Embedding.Models;
using RagPlatform.Embedding.Serving;
using RagPlatform.TestKit;
using RagPlatform.Transformers;

namespace RagPlatform.Embedding.Tests.Serving;

public sealed class LoadedModelTests
{
    [Theory]
    [InlineData("e5-small", ModelFolder.PutByHand, "query: ")]
    [InlineData("mine", "hub:intfloat/e5-small-v2@0123", "query: ")]
    [InlineData("mine", "folder:/models/snowflake-arctic-embed-m-v2.0@0123", "query: ")]
    [InlineData("mine", "hub:someone/else@0123", "")]
    [InlineData("mine", ModelFolder.PutByHand, "")]
    public void Load_EncoderUnderAnyName_HasThePrefixesOfItsFamily(string id, string source, string prefix)
    {
        using var models = new TestFolder();
        ReferenceModels.Write(models.Path, ReferenceModels.Encoder, id);

        var loaded = LoadedModel.Load(new ModelFolder(id, models.File(id), source), WeightPrecision.Full, CancellationToken.None).RequireEncoder();

        loaded.Embedder.PrefixOf(TextKind.Query).ShouldBe(prefix);
    }
}
