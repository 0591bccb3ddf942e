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

    /// <summary>A family may pool otherwise and put nothing before passages: neither files nor prefix tell the vectors apart.</summary>
    [Fact]
    public void Fingerprint_SameFilesKnownAsAnotherFamily_IsAnother()
    {
        using var models = new TestFolder();
        ReferenceModels.Write(models.Path, ReferenceModels.Encoder, "mine");

        FingerprintOf("hub:BAAI/bge-small-en-v1.5@0123").ShouldNotBe(FingerprintOf(ModelFolder.PutByHand));
        FingerprintOf("hub:BAAI/bge-small-en-v1.5@0123").ShouldBe(FingerprintOf("hub:BAAI/bge-small-en-v1.5@4567"));

        string FingerprintOf(string source) =>
            LoadedModel.Load(new ModelFolder("mine", models.File("mine"), source), WeightPrecision.Full, CancellationToken.None).RequireEncoder().Fingerprint.ShouldNotBeNull();
    }
}
