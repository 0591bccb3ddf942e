using System.Text;
using RagPlatform.FineTuning.Datasets;
using RagPlatform.FineTuning.Datasets.Findings;
using static RagPlatform.FineTuning.Tests.Datasets.TrainingData;

namespace RagPlatform.FineTuning.Tests.Datasets;

public sealed class TrainingFileTests
{
    private const string Good = """{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello"}]}""";

    [Fact]
    public void Chat_WithToolsWeightsAndGroup_IsReadWhole()
    {
        var file = Read("""{"messages": [{"role": "developer", "content": "Be short."}, {"role": "user", "name": "ann", "content": [{"type": "text", "text": "Weather "}, {"type": "text", "text": "in Bonn?"}]}, {"role": "assistant", "content": null, "weight": 0, "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "weather", "arguments": "{\"city\": \"Bonn\"}"}}]}, {"role": "tool", "tool_call_id": "c1", "content": "sunny"}, {"role": "assistant", "content": "Sunny.", "weight": 1}], "tools": [{"type": "function", "function": {"name": "weather"}}], "parallel_tool_calls": false, "group": 7}""");

        file.Findings.Kept().ShouldBeEmpty();
        file.Format.ShouldBe(DatasetFormat.Chat);
        var chat = file.Examples.ShouldHaveSingleItem().ShouldBeOfType<ChatExample>();
        chat.Group.ShouldBe("7");
        chat.Tools.ShouldBe("""[{"type": "function", "function": {"name": "weather"}}]""");
        chat.Messages.Select(turn => (turn.Role, turn.Content, turn.Weight, turn.IsLearnt)).ShouldBe(
        [
            ("system", "Be short.", 1, false), ("user", "Weather in Bonn?", 1, false), ("assistant", "", 0, false), ("tool", "sunny", 1, false), ("assistant", "Sunny.", 1, true),
        ]);
        chat.Messages[2].ToolCalls.ShouldStartWith("""[{"id": "c1",""");
    }

    [Fact]
    public void Completion_BecomesAConversation()
    {
        var file = Read("""{"prompt": "2+2?", "completion": "4", "group": "sums"}""");

        file.Findings.Kept().ShouldBeEmpty();
        file.Format.ShouldBe(DatasetFormat.Completion);
        var chat = file.Examples.ShouldHaveSingleItem().ShouldBeOfType<ChatExample>();
        chat.Messages.ShouldBe([new ChatTurn("user", "2+2?", null, 1), new ChatTurn("assistant", "4", null, 1)]);
        chat.Group.ShouldBe("sums");
    }

    [Fact]
    public void Pairs_WithAndWithoutNegatives_AreRead()
    {
        var file = Read("""
            {"query": "a", "positive": "b"}
            {"query": "c", "positive": "d", "negatives": ["e", "f"]}
            """);

        file.Findings.Kept().ShouldBeEmpty();
        file.Format.ShouldBe(DatasetFormat.Pairs);
        file.Examples.OfType<PairExample>().Select(pair => (pair.Line, pair.Query, pair.Positive, string.Join(',', pair.Negatives)))
            .ShouldBe([(1, "a", "b", ""), (2, "c", "d", "e,f")]);
    }

    [Fact]
    public void Group_OfAnotherKey_IsRead()
    {
        var file = Read("""{"prompt": "a", "completion": "b", "customer": true}"""u8.ToArray(), limits: new TrainingFileLimits { GroupField = "customer" });

        file.Findings.Kept().ShouldBeEmpty();
        file.Examples[0].Group.ShouldBe("true");
    }

    [Fact]
    public void ByteOrderMarkBlankLinesAndCarriageReturns_AreNoFindings()
    {
        var file = Read([.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes($"{Good}\r\n\r\n \t\r\n{Good}")]);

        file.Findings.Kept().ShouldBeEmpty();
        (file.Lines, file.Examples.Count, file.Examples[1].Line).ShouldBe((2L, 2, 4));
    }

    [Theory]
    [MemberData(nameof(BrokenLines))]
    public void BrokenLine_GetsItsFindingInPlainWords(string line, string expected)
    {
        var file = Read($"{Good}\n{line}\n{Good}");

        var finding = file.Findings.Kept().ShouldHaveSingleItem();
        $"{finding.Code} [{finding.Field}] {finding.Problem} | {finding.Remedy}".ShouldBe(expected);
        finding.Line.ShouldBe(2);
        file.Examples.Select(example => example.Line).ShouldBe(finding.Severity == FindingSeverity.Error ? [1, 3] : [1, 2, 3]);
    }

    public static TheoryData<string, string> BrokenLines() => new()
    {
        { """{"messages": [}""", "INVALID_JSON [] The line is not JSON: it breaks off or goes wrong at byte 15 of 15. | Close every string, array and object, and write line breaks in strings as \\n." },
        { """{"messages": [{"role": "user" "content": "Hi"}]}""", "INVALID_JSON [] The line is not JSON: it breaks off or goes wrong at byte 31 of 48. | Write it with a JSON library; line breaks in strings are \\n, quotes are \\\"." },
        { """{"prompt": "a", "completion": "b"},""", "INVALID_JSON [] The line is not JSON: it breaks off or goes wrong at byte 35 of 35. | End the line after the object: no comma or bracket between or around examples." },
        { "{'prompt': 'a'}", "INVALID_JSON [] The line is not JSON: it breaks off or goes wrong at byte 2 of 15. | Put strings and keys in double quotes." },
        { "hello", "INVALID_JSON [] The line is not JSON: it breaks off or goes wrong at byte 1 of 5. | Write the example as a JSON object." },
        { """{"messages": [{"role": "user", "content": "\ud83d"}]}""", "INVALID_TEXT [] The escape at byte 44 of the line is half of a surrogate pair, which is no character. | Write the character whole, or leave it out." },
        { "[1]", "WRONG_TYPE [] The line is an array. | Make it an object: one example." },
        { "{}", "UNKNOWN_FORMAT [] The line is an empty object. | Write it with messages; prompt and completion; or query and positive." },
        { """{"text": "a", "label": "b"}""", "UNKNOWN_FORMAT [] The line has no key of a known format (messages; prompt and completion; or query and positive); it has text, label. | Write text as prompt and label as completion." },
        { """{"mesages": []}""", "UNKNOWN_FORMAT [] The line has no key of a known format (messages; prompt and completion; or query and positive); it has mesages. | Did you mean messages by mesages?" },
        { """{"prompt": "a", "completion": "b"}""", "MIXED_FORMATS [] The line has prompt and completion; the file began with messages. | Keep one format in a file." },
        { """{"messages": [], "prompt": "a"}""", "MIXED_FORMATS [] The line has keys of several formats: messages and prompt and completion. | Keep one format in a file." },
        { """{"messages": "Hi"}""", "WRONG_TYPE [messages] The value is a string. | Make it an array of messages." },
        { """{"messages": []}""", "NO_ASSISTANT_MESSAGE [messages] There are no messages. | Add the answer that is to be learnt, with the role assistant." },
        { """{"messages": [{"role": "user", "content": "Hi"}]}""", "NO_ASSISTANT_MESSAGE [messages] No message is the assistant's. | Add the answer that is to be learnt, with the role assistant." },
        { """{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes"}, {"role": "user", "content": "Hi"}]}""", "LAST_NOT_ASSISTANT [messages[2].role] The last message is of the role user. | End with the assistant's answer, or take out what comes after it." },
        { """{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes", "weight": 0}]}""", "NOTHING_TO_LEARN [messages] Every message of the assistant has weight 0. | Give weight 1 to one that is to be learnt, or leave the example out." },
        { """{"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes", "weight": 0.5}]}""", "INVALID_WEIGHT [messages[1].weight] The weight is 0.5. | Use 1 where the assistant's message is learnt, 0 where it is not." },
        { """{"messages": [{"role": "user", "content": "Hi", "weight": 1}, {"role": "assistant", "content": "Yes"}]}""", "USELESS_WEIGHT [messages[0].weight] A user message has a weight; only the assistant's are learnt. | Take it out." },
        { """{"messages": [{"role": "system", "content": "Hi"}, {"role": "assistant", "content": "Yes"}]}""", "NO_USER_MESSAGE [messages] No message is the user's. | Put what the model is asked into a message of the role user." },
        { """{"messages": [{"role": "asistant", "content": "Hi"}]}""", "UNKNOWN_ROLE [messages[0].role] The role \"asistant\" is not known. | Use one of system, developer, user, assistant, tool. Did you mean assistant?" },
        { """{"messages": [{"role": "human", "content": "Hi"}]}""", "UNKNOWN_ROLE [messages[0].role] The role \"human\" is not known. | Use one of system, developer, user, assistant, tool. Did you mean user?" },
        { """{"messages": [{"content": "Hi"}]}""", "MISSING_KEY [messages[0].role] The key is missing. | Add it: one of system, developer, user, assistant, tool." },
        { """{"messages": [{"role": "user"}]}""", "MISSING_KEY [messages[0].content] The key is missing. | Add it: a string." },
        { """{"messages": [{"role": "user", "content": 3}]}""", "WRONG_TYPE [messages[0].content] The value is a number. | Make it a string." },
        { """{"messages": [{"role": "user", "content": null}]}""", "WRONG_TYPE [messages[0].content] The value is null. | Make it a string." },
        { """{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}""", "WRONG_TYPE [messages[0].content[0]] The part is not text. | Use parts such as {\"type\": \"text\", \"text\": \"…\"}; images and sound cannot be learnt here." },
        { """{"messages": [null]}""", "WRONG_TYPE [messages[0]] The message is null. | Make it an object with role and content." },
        { """{"messages": [{"role": "user", "content": " \n "}, {"role": "assistant", "content": "Yes"}]}""", "EMPTY_CONTENT [messages[0].content] The user message is empty. | Fill it or leave the example out." },
        { """{"messages": [{"role": "system", "content": ""}, {"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Yes"}]}""", "EMPTY_CONTEXT [messages[0].content] The system message is empty. | Fill it or leave the message out." },
        { """{"messages": [{"role": "user", "content": "a", "content": "b"}, {"role": "assistant", "content": "Yes"}]}""", "DUPLICATE_KEY [messages[0].content] The key stands twice in one object. | Keep one: programs differ in which one they read." },
        { """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "Yes", "wieght": 0}]}""", "UNKNOWN_KEY [messages[].wieght] The key is not known and not read; it occurs once, here first. | Take it out or name it as one of role, content, weight, tool_calls, tool_call_id, name. Did you mean weight?" },
        { """{"messages": [{"role": "user", "content": "a"}, {"role": "tool", "tool_call_id": "x", "content": "b"}, {"role": "assistant", "content": "Yes"}]}""", "TOOL_CALL_MISMATCH [messages[1].tool_call_id] No earlier tool call has the id \"x\". | Give it the id of the tool call that it answers." },
        { """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": "{city: Bonn}"}}]}]}""", "TOOL_ARGUMENTS_INVALID [messages[1].tool_calls[0].function.arguments] The string does not hold a JSON object. | Write the arguments as JSON in a string, such as \"{\\\"city\\\": \\\"Bonn\\\"}\"." },
        { """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "wether", "arguments": "{}"}}]}], "tools": [{"type": "function", "function": {"name": "weather"}}]}""", "UNKNOWN_TOOL [messages[1].tool_calls[0].function.name] The example's tools have no function \"wether\". | Declare it in tools, or call one that is there. Did you mean weather?" },
        { """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": []}]}""", "EMPTY_CONTENT [messages[1].tool_calls] The array of tool calls is empty. | Fill it or take the key out." },
        { """{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "group": {}}""", "WRONG_TYPE [group] The value is an object. | Make it a string or a number." },
    };

    [Theory]
    [InlineData("""{"query": " ", "positive": "b"}""", "EMPTY_CONTENT", "query")]
    [InlineData("""{"query": "a"}""", "MISSING_KEY", "positive")]
    [InlineData("""{"query": "a", "positive": "b", "negatives": "c"}""", "WRONG_TYPE", "negatives")]
    [InlineData("""{"query": "a", "positive": "b", "negatives": ["c", 1]}""", "WRONG_TYPE", "negatives[1]")]
    [InlineData("""{"prompt": "a"}""", "MISSING_KEY", "completion")]
    [InlineData("""{"prompt": "a", "completion": ["b"]}""", "WRONG_TYPE", "completion")]
    public void BrokenPairOrCompletion_NamesItsField(string line, string code, string field)
    {
        var file = Read(line);

        file.Examples.ShouldBeEmpty();
        var finding = file.Findings.Kept().Single(finding => finding.Line == 1);
        (finding.Code.Name, finding.Field).ShouldBe((code, field));
        Codes(file.Findings).ShouldContain("NO_EXAMPLES");
    }

    [Fact]
    public void NotUtf8_NamesByteOfLineAndFile()
    {
        var bytes = Encoding.Latin1.GetBytes($"{Good}\n{{\"prompt\": \"größer\", \"completion\": \"b\"}}");

        var finding = Read(bytes).Findings.Kept().ShouldHaveSingleItem();

        Print(finding).ShouldBe($"training:2 Error NOT_UTF8 [] Byte 15 of the line (byte {Good.Length + 1 + 15} of the file, 0xF6) is not UTF-8. | Save the file as UTF-8.");
    }

    [Theory]
    [InlineData("[\n  {\"prompt\": \"a\"}\n]", "The file is a JSON array, not JSON Lines.")]
    [InlineData("{ \"messages\": [\n ]}", "The file is JSON over several lines, not JSON Lines.")]
    [InlineData("{\n  \"prompt\": \"a\"\n}", "The file is JSON over several lines, not JSON Lines.")]
    [InlineData("PK\u0003\u0004abc", "The file is compressed.")]
    [InlineData("PAR1\nabc", "The file is Parquet, not JSON Lines.")]
    public void OtherKindOfFile_IsSaidOnce(string text, string problem)
    {
        var file = Read(text);

        file.Findings.Kept().Single(finding => finding.Line == 1).Problem.ShouldBe(problem);
        file.Findings.Errors.ShouldBe(2, "the other says that there are no examples");
    }

    [Fact]
    public void Utf16_IsToldByItsMark()
    {
        var file = Read([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Good)]);

        Single(file.Findings, FindingCode.NotUtf8).Problem.ShouldBe("The file is UTF-16.");
    }

    [Fact]
    public void EmptyFile_HasNoExamples()
    {
        var file = Read("\n\n");

        Print(file.Findings.Kept().ShouldHaveSingleItem()).ShouldStartWith("training:0 Error NO_EXAMPLES [] The file is empty.");
        file.Format.ShouldBe(DatasetFormat.Unknown);
    }

    [Fact]
    public void UnknownKeyOnEveryLine_IsOneFindingWithItsCount()
    {
        var file = ReadLines(Enumerable.Range(0, 1000).Select(i => $$"""{"prompt": "a", "completion": "b", "id": {{i}}, "key{{i}}": 1}"""));

        file.Examples.Count.ShouldBe(1000);
        file.Findings.Warnings.ShouldBe(101, "data in keys does not make a finding each");
        Print(file.Findings.Kept()[0]).ShouldBe("training:1 Warning UNKNOWN_KEY [id] The key is not known and not read; it occurs 1,000 times, here first. | Take it out or name it as one of prompt, completion, group.");
    }
}
