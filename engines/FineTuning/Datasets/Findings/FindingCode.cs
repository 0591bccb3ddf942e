namespace RagPlatform.FineTuning.Datasets.Findings;

/// <summary>The closed set of what is found in datasets. The guide docs/guides/fine-tuning-data.md tells each one's cause and remedy.</summary>
public sealed class FindingCode
{
    // The file
    public static readonly FindingCode FileTooLarge = Error("FILE_TOO_LARGE");
    public static readonly FindingCode TooManyExamples = Error("TOO_MANY_EXAMPLES");
    public static readonly FindingCode NoExamples = Error("NO_EXAMPLES");
    public static readonly FindingCode NotJsonLines = Error("NOT_JSON_LINES");
    public static readonly FindingCode MixedFormats = Error("MIXED_FORMATS");

    // A line
    public static readonly FindingCode LineTooLong = Error("LINE_TOO_LONG");
    public static readonly FindingCode NotUtf8 = Error("NOT_UTF8");
    public static readonly FindingCode InvalidJson = Error("INVALID_JSON");
    public static readonly FindingCode InvalidText = Error("INVALID_TEXT");
    public static readonly FindingCode DuplicateKey = Error("DUPLICATE_KEY");
    public static readonly FindingCode UnknownFormat = Error("UNKNOWN_FORMAT");
    public static readonly FindingCode UnknownKey = Warning("UNKNOWN_KEY");
    public static readonly FindingCode MissingKey = Error("MISSING_KEY");
    public static readonly FindingCode WrongType = Error("WRONG_TYPE");
    public static readonly FindingCode UnknownRole = Error("UNKNOWN_ROLE");
    public static readonly FindingCode InvalidWeight = Error("INVALID_WEIGHT");
    public static readonly FindingCode UselessWeight = Warning("USELESS_WEIGHT");
    public static readonly FindingCode NoAssistantMessage = Error("NO_ASSISTANT_MESSAGE");
    public static readonly FindingCode LastNotAssistant = Error("LAST_NOT_ASSISTANT");
    public static readonly FindingCode NoUserMessage = Warning("NO_USER_MESSAGE");
    public static readonly FindingCode NothingToLearn = Error("NOTHING_TO_LEARN");
    public static readonly FindingCode EmptyContent = Error("EMPTY_CONTENT");
    public static readonly FindingCode EmptyContext = Warning("EMPTY_CONTEXT");
    public static readonly FindingCode ToolCallMismatch = Warning("TOOL_CALL_MISMATCH");
    public static readonly FindingCode ToolArgumentsInvalid = Warning("TOOL_ARGUMENTS_INVALID");
    public static readonly FindingCode UnknownTool = Warning("UNKNOWN_TOOL");

    // What it says
    public static readonly FindingCode Secret = Warning("SECRET");
    public static readonly FindingCode PersonalData = Warning("PERSONAL_DATA");
    public static readonly FindingCode ExampleTooLong = Warning("EXAMPLE_TOO_LONG");
    public static readonly FindingCode PromptTooLong = Warning("PROMPT_TOO_LONG");

    // The whole set
    public static readonly FindingCode FormatUnsuitable = Error("FORMAT_UNSUITABLE");
    public static readonly FindingCode TooFewExamples = Error("TOO_FEW_EXAMPLES");
    public static readonly FindingCode FewExamples = Warning("FEW_EXAMPLES");
    public static readonly FindingCode Duplicate = Warning("DUPLICATE");
    public static readonly FindingCode NearDuplicate = Warning("NEAR_DUPLICATE");
    public static readonly FindingCode Contradiction = Warning("CONTRADICTION");
    public static readonly FindingCode IdenticalPrompts = Warning("IDENTICAL_PROMPTS");
    public static readonly FindingCode OneClass = Error("ONE_CLASS");
    public static readonly FindingCode RareLabel = Warning("RARE_LABEL");
    public static readonly FindingCode ImbalancedLabels = Warning("IMBALANCED_LABELS");
    public static readonly FindingCode UnseenLabel = Warning("UNSEEN_LABEL");
    public static readonly FindingCode OutputNotJson = Warning("OUTPUT_NOT_JSON");
    public static readonly FindingCode RareKey = Warning("RARE_KEY");
    public static readonly FindingCode TypeChange = Warning("TYPE_CHANGE");
    public static readonly FindingCode Leakage = Warning("LEAKAGE");
    public static readonly FindingCode NearLeakage = Warning("NEAR_LEAKAGE");
    public static readonly FindingCode CannotSplit = Error("CANNOT_SPLIT");

    private FindingCode(string name, FindingSeverity severity) => (Name, Severity) = (name, severity);

    /// <summary>Every code, errors and warnings, in the order of the guide.</summary>
    public static IReadOnlyList<FindingCode> All { get; } =
    [
        FileTooLarge, TooManyExamples, NoExamples, NotJsonLines, MixedFormats,
        LineTooLong, NotUtf8, InvalidJson, InvalidText, DuplicateKey, UnknownFormat, UnknownKey, MissingKey, WrongType, UnknownRole,
        InvalidWeight, UselessWeight, NoAssistantMessage, LastNotAssistant, NoUserMessage, NothingToLearn, EmptyContent, EmptyContext,
        ToolCallMismatch, ToolArgumentsInvalid, UnknownTool,
        Secret, PersonalData, ExampleTooLong, PromptTooLong,
        FormatUnsuitable, TooFewExamples, FewExamples, Duplicate, NearDuplicate, Contradiction, IdenticalPrompts,
        OneClass, RareLabel, ImbalancedLabels, UnseenLabel, OutputNotJson, RareKey, TypeChange, Leakage, NearLeakage, CannotSplit,
    ];

    /// <summary>Such as INVALID_JSON.</summary>
    public string Name { get; }

    public FindingSeverity Severity { get; }

    public override string ToString() => Name;

    private static FindingCode Error(string name) => new(name, FindingSeverity.Error);

    private static FindingCode Warning(string name) => new(name, FindingSeverity.Warning);
}
