using System.Text;
using RagPlatform.Tokenization.Json.Decoders;
using RagPlatform.Tokenization.Json.Normalizers;
using RagPlatform.Tokenization.Json.PreTokenizers;

namespace RagPlatform.Tokenization.Json;

/// <summary>Reads normalizers, pre-tokenizers and decoders.</summary>
internal static class StepReader
{
    private const string DefaultMark = "▁";
    private const string ByteLevel = "ByteLevel";

    public static INormalizer? ReadNormalizer(JsonNode node) => node.IsNull ? null : node.Type switch
    {
        "Sequence" => new NormalizerSequence([.. node["normalizers"].Items().Select(ReadNormalizer).OfType<INormalizer>()]),
        "NFC" => new UnicodeNormalizer(NormalizationForm.FormC),
        "NFD" => new UnicodeNormalizer(NormalizationForm.FormD),
        "NFKC" => new UnicodeNormalizer(NormalizationForm.FormKC),
        "NFKD" => new UnicodeNormalizer(NormalizationForm.FormKD),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => new StripAccentsNormalizer(),
        "Strip" => new StripNormalizer(node["strip_left"].Flag(true), node["strip_right"].Flag(true)),
        "Prepend" => new PrependNormalizer(node.Required("prepend").ShortText()),
        "Replace" => new ReplaceNormalizer(ReadPattern(node), node.Required("content").ShortText()),
        "Precompiled" => new PrecompiledNormalizer(ReadCharacterMap(node.Required("precompiled_charsmap"))),
        "BertNormalizer" => new BertNormalizer(
            node["clean_text"].Flag(true), node["handle_chinese_chars"].Flag(true),
            node["strip_accents"].IsNull ? node["lowercase"].Flag(true) : node["strip_accents"].Flag(true), node["lowercase"].Flag(true)),
        var type => throw node.Unsupported(type),
    };

    /// <param name="spellsBytes">The words are yet to be spelled in GPT-2's alphabet.</param>
    public static IPreTokenizer? ReadPreTokenizers(JsonNode node, out bool spellsBytes)
    {
        JsonNode[] nodes = [.. Flatten(node)];
        spellsBytes = nodes is [.., { Type: ByteLevel }];
        List<IPreTokenizer> steps = [];
        for (var i = 0; i < nodes.Length; i++)
        {
            steps.Add(ReadPreTokenizer(nodes[i]));
            if (nodes[i].Type == ByteLevel && i < nodes.Length - 1)
            {
                steps.Add(new ByteSpellingPreTokenizer());
            }
        }

        // One that neither splits nor changes anything only says how words are spelled.
        if (spellsBytes && !nodes[^1]["use_regex"].Flag(true) && !nodes[^1]["add_prefix_space"].Flag(true))
        {
            steps.RemoveAt(steps.Count - 1);
        }

        return steps.Count switch
        {
            0 => null,
            1 => steps[0],
            _ => new PreTokenizerSequence(steps),
        };
    }

    private static IEnumerable<JsonNode> Flatten(JsonNode node) =>
        node.IsNull ? [] : node.Type == "Sequence" ? node["pretokenizers"].Items().SelectMany(Flatten) : [node];

    private static IPreTokenizer ReadPreTokenizer(JsonNode node) => node.Type switch
    {
        ByteLevel => new ByteLevelPreTokenizer(node["add_prefix_space"].Flag(true), node["use_regex"].Flag(true)),
        "Metaspace" => new MetaspacePreTokenizer(ReadMark(node), ReadPrepend(node), node["split"].Flag(true)),
        "Split" => new SplitPreTokenizer(ReadPattern(node), ReadBehavior(node), node["invert"].Flag(false)),
        "Whitespace" => new SplitPreTokenizer(TextPattern.Expression(@"\w+|[^\w\s]+"), SplitBehavior.Removed, invert: true),
        "WhitespaceSplit" => new SplitPreTokenizer(TextPattern.Expression(@"\s+"), SplitBehavior.Removed, invert: false),
        "Punctuation" => new SplitPreTokenizer(TextPattern.Expression(@"[\p{P}$+<=>^`|~]"), ReadBehavior(node), invert: false),
        "Digits" => new SplitPreTokenizer(
            TextPattern.Expression(@"\p{N}"), node["individual_digits"].Flag(false) ? SplitBehavior.Isolated : SplitBehavior.Contiguous, invert: false),
        "BertPreTokenizer" => new PreTokenizerSequence(
        [
            new SplitPreTokenizer(TextPattern.Expression(@"\s+"), SplitBehavior.Removed, invert: false),
            new SplitPreTokenizer(TextPattern.Expression(@"[\p{P}$+<=>^`|~]"), SplitBehavior.Isolated, invert: false),
        ]),
        var type => throw node.Unsupported(type),
    };

    public static IDecoder ReadDecoder(JsonNode node) => node.Type switch
    {
        "Sequence" => new DecoderSequence([.. node["decoders"].Items().Select(ReadDecoder)]),
        ByteLevel => new ByteLevelDecoder(),
        "Metaspace" => new MetaspaceDecoder(ReadMark(node), ReadPrepend(node) != PrependScheme.Never),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "Replace" => new ReplaceDecoder(NotEmpty(node.Required("pattern").Required("String")), node.Required("content").ShortText()),
        "Strip" => new StripDecoder(node.Required("content").ShortText(), node.Required("start").Integer(0, 1024), node.Required("stop").Integer(0, 1024)),
        "WordPiece" => new WordPieceDecoder(node["prefix"].IsNull ? "##" : node["prefix"].ShortText(), node["cleanup"].Flag(true)),
        var type => throw node.Unsupported(type),
    };

    private static CharacterMap ReadCharacterMap(JsonNode node)
    {
        var table = node.Base64();
        try
        {
            return new CharacterMap(table);
        }
        catch (InvalidDataException exception)
        {
            throw node.Wrong(exception.Message);
        }
    }

    private static string ReadMark(JsonNode node) => node["replacement"].IsNull ? DefaultMark : NotEmpty(node["replacement"]);

    private static string NotEmpty(JsonNode node) => node.ShortText() is { Length: > 0 } text ? text : throw node.Wrong("is empty");

    /// <summary>Older files say add_prefix_space instead.</summary>
    private static PrependScheme ReadPrepend(JsonNode node) => node["prepend_scheme"].IsNull
        ? node["add_prefix_space"].Flag(true) ? PrependScheme.Always : PrependScheme.Never
        : node["prepend_scheme"].Text() switch
        {
            "always" => PrependScheme.Always,
            "first" => PrependScheme.First,
            "never" => PrependScheme.Never,
            var scheme => throw node["prepend_scheme"].Wrong($"is '{scheme}'; use always, first or never"),
        };

    private static SplitBehavior ReadBehavior(JsonNode node) => (node["behavior"].IsNull ? "Isolated" : node["behavior"].Text()) switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        var behavior => throw node["behavior"].Wrong($"is '{behavior}', which is not supported"),
    };

    private static TextPattern ReadPattern(JsonNode node)
    {
        var pattern = node.Required("pattern");
        if (!pattern["String"].IsNull)
        {
            return TextPattern.Literal(pattern["String"].Text());
        }

        var expression = pattern.Required("Regex");
        try
        {
            return TextPattern.Expression(expression.Text());
        }
        catch (ArgumentException exception)
        {
            throw expression.Wrong($"is no expression that .NET understands: {exception.Message}");
        }
    }
}
