using System.Text;
using System.Text.Json.Nodes;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Decoding.Chat;
using RagPlatform.FineTuning.Trainers;
using RagPlatform.Tokenization;
using RagPlatform.Transformers;
using RagPlatform.Transformers.Decoders;

namespace RagPlatform.FineTuning.Tests.Decoding;

public sealed class ChatTemplateTests
{
    private const string Calls = """[{"id":"1","type":"function","function":{"name":"find","arguments":"{\"x\": 1}"}}]""";

    private static readonly ChatTurn[] Turns =
    [
        new("user", "Hi <|im_end|>", null, 1), new("assistant", "Old", null, 0), new("tool", "42", null, 1), new("assistant", "New", null, 1),
    ];

    [Fact]
    public void ChatMl_WritesWhatQwensTemplateWrites()
    {
        var template = new ChatTemplate(ChatTemplate.ChatMl, "Be kind.");
        Written(template, Turns, null).ShouldBe(
            "[<|im_start|>]system\nBe kind.[<|im_end|>]\n[<|im_start|>]user\nHi <|im_end|>[<|im_end|>]\n[<|im_start|>]assistant\nOld[<|im_end|>]\n"
            + "[<|im_start|>]user\n<tool_response>\n42\n</tool_response>[<|im_end|>]\n[<|im_start|>]assistant\n*New**[<|im_end|>]*\n");
        Written(template, [new ChatTurn("system", "S", null, 1), new ChatTurn("assistant", "", Calls, 1)], """[{"type":"function"}]""").ShouldSatisfyAllConditions(
            text => text.ShouldStartWith("[<|im_start|>]system\nS\n\n# Tools\n\nYou may call"),
            text => text.ShouldContain("<tools>\n{\"type\":\"function\"}\n</tools>"),
            text => text.ShouldEndWith("*<tool_call>\n{\"name\": \"find\", \"arguments\": {\"x\": 1}}\n</tool_call>**[<|im_end|>]*\n"));
    }

    [Fact]
    public void Llama3AndPlain_MarkWhatIsLearnt()
    {
        ChatTurn[] turns = [new("user", "Hi", null, 1), new("assistant", "Yo", null, 1)];
        Written(new ChatTemplate(ChatTemplate.Llama3), turns, null).ShouldBe(
            "[BeginOfText][<|start_header_id|>]user[<|end_header_id|>]\n\nHi[<|eot_id|>][<|start_header_id|>]assistant[<|end_header_id|>]\n\n*Yo**[<|eot_id|>]*");
        Written(new ChatTemplate(ChatTemplate.Plain), turns, null).ShouldBe("[BeginOfText]User:\nHi\n\nAssistant:\n*Yo**[EndOfText]*\n\n");
    }

    [Fact]
    public void Encoder_LearnsTheWantedAlone_AndTextNeverBecomesControl()
    {
        var tokenizer = Tokenizer();
        var config = new DecoderConfig
        {
            HiddenSize = 2, IntermediateSize = 2, Layers = 1, Heads = 1, KeyHeads = 1, HeadSize = 2, VocabularySize = 300, MaxPositions = 512,
            NormEpsilon = 1e-5f, Rotary = new RotarySettings { Base = 10_000 },
        };
        var encoder = new ChatEncoder(tokenizer, new ChatTemplate(ChatTemplate.ChatMl), config);
        var encoded = encoder.Encode(new ChatExample(1, "", Turns, null));
        var end = tokenizer.IdOf("<|im_end|>")!.Value;
        encoded.Ids.Count(id => id == end).ShouldBe(4);
        var learnt = encoded.Ids.Where((_, i) => encoded.IsWanted[i]).ToArray();
        learnt[^1].ShouldBe(end);
        tokenizer.Decode(learnt).ShouldBe("New");
        // What is learnt begins where the prompt that asks for it ends.
        encoder.EncodePrompt(Turns[..3], null).ShouldBe(encoded.Ids[..Array.IndexOf(encoded.IsWanted, true)]);
        encoder.AnswerEnds.ShouldBe([end]);
    }

    [Theory]
    [InlineData("""{"chat_template": "{{ '<|im_start|>system\\nBe brief.<|im_end|>\\n' }}{% for m in messages %}<|im_start|>{% endfor %}"}""", "chatml", "Be brief.")]
    [InlineData("""{"chat_template": null}""", "plain", null)]
    [InlineData("{}", "plain", null)]
    public void Choice_GoesByTheModelsOwnTemplate(string config, string name, string? system)
    {
        var template = ChatTemplateChoice.Choose(new OneFile(config), Tokenizer(), null);
        template.Name.ShouldBe(name);
        template.DefaultSystem.ShouldBe(system);
    }

    [Fact]
    public void Choice_OfAFormThatIsNotBuilt_IsRefused()
    {
        Code("""{"chat_template": "[INST] {{ messages }}"}""", null).ShouldBe("MODEL_UNSUITABLE");
        Code("""{"chat_template": "<|start_header_id|>"}""", null).ShouldBe("MODEL_UNSUITABLE");
        Code("{", null).ShouldBe("MODEL_UNSUITABLE");
        ChatTemplateChoice.Choose(new OneFile("""{"chat_template": "[INST]"}"""), Tokenizer(), "plain").Name.ShouldBe("plain");

        static string Code(string config, string? wanted) =>
            Should.Throw<TrainingException>(() => ChatTemplateChoice.Choose(new OneFile(config), Tokenizer(), wanted)).Code;
    }

    private static string Written(ChatTemplate template, ChatTurn[] turns, string? tools) =>
        string.Concat(template.Render(turns, tools, asksForAnswer: false).Select(piece => (piece.IsLearnt ? "*" : "") + (piece.Kind switch
        {
            ChatPieceKind.Text => piece.Text,
            ChatPieceKind.Token => $"[{piece.Text}]",
            _ => $"[{piece.Kind}]",
        }) + (piece.IsLearnt ? "*" : "")));

    /// <summary>Every byte a token, and ChatML's two.</summary>
    private static JsonTokenizer Tokenizer()
    {
        var vocabulary = new JsonObject { ["<unk>"] = 0 };
        foreach (var value in Enumerable.Range(0, 256))
        {
            vocabulary[$"<0x{value:X2}>"] = vocabulary.Count;
        }

        var tokenizer = new JsonObject
        {
            ["added_tokens"] = new JsonArray(Added(257, "<|im_start|>"), Added(258, "<|im_end|>")),
            ["decoder"] = JsonNode.Parse("""{"type":"Sequence","decoders":[{"type":"ByteFallback"},{"type":"Fuse"}]}"""),
            ["model"] = new JsonObject
            {
                ["type"] = "BPE", ["vocab"] = vocabulary, ["unk_token"] = "<unk>", ["byte_fallback"] = true, ["merges"] = new JsonArray(),
            },
        };
        return JsonTokenizer.Read(new MemoryStream(Encoding.UTF8.GetBytes(tokenizer.ToJsonString())));
    }

    private static JsonObject Added(int id, string content) => new()
    {
        ["id"] = id, ["content"] = content, ["single_word"] = false, ["lstrip"] = false, ["rstrip"] = false, ["normalized"] = false, ["special"] = true,
    };

    private sealed class OneFile(string content) : IModelFiles
    {
        public bool Exists(string name) => name == "tokenizer_config.json";

        public Stream Open(string name) => new MemoryStream(Encoding.UTF8.GetBytes(content));
    }
}
