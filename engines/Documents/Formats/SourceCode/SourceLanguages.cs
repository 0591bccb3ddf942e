namespace RagPlatform.Documents;

/// <summary>The languages that are known by name. A new one is an entry here.</summary>
internal static class SourceLanguages
{
    private static readonly string[] TypeWords = ["class", "struct", "interface", "enum", "union", "namespace"];

    public static IReadOnlyList<SourceLanguage> All { get; } =
    [
        new("csharp", "text/x-csharp", SourceLayout.Braces, ".cs", ".csx")
        {
            HasTextBlocks = true, HasVerbatimStrings = true, HasCharacters = true, TypeWords = [.. TypeWords, "record"],
        },
        new("java", "text/x-java", SourceLayout.Braces, ".java") { OtherContentTypes = ["text/x-java-source"], HasTextBlocks = true, HasCharacters = true, TypeWords = [.. TypeWords, "record"] },
        new("kotlin", "text/x-kotlin", SourceLayout.Braces, ".kt", ".kts") { HasTextBlocks = true, HasCharacters = true, TypeWords = [.. TypeWords, "object"], FunctionWords = ["fun"] },
        new("scala", "text/x-scala", SourceLayout.Braces, ".scala", ".sc") { HasTextBlocks = true, HasCharacters = true, TypeWords = [.. TypeWords, "object", "trait"], FunctionWords = ["def"] },
        new("groovy", "text/x-groovy", SourceLayout.Braces, ".groovy", ".gradle") { HasTextBlocks = true, TypeWords = [.. TypeWords, "trait"] },
        new("swift", "text/x-swift", SourceLayout.Braces, ".swift") { HasTextBlocks = true, TypeWords = [.. TypeWords, "extension", "protocol", "actor"], FunctionWords = ["func"] },
        new("dart", "text/x-dart", SourceLayout.Braces, ".dart") { OtherContentTypes = ["application/dart"], HasTextBlocks = true, TypeWords = [.. TypeWords, "mixin", "extension"] },
        new("go", "text/x-go", SourceLayout.Braces, ".go") { HasBacktickStrings = true, HasCharacters = true, TypeWords = ["type"], FunctionWords = ["func"] },
        new("rust", "text/x-rust", SourceLayout.Braces, ".rs") { OtherContentTypes = ["text/rust"], HasCharacters = true, TypeWords = ["struct", "enum", "union", "trait", "impl", "mod"], FunctionWords = ["fn"] },
        new("c", "text/x-c", SourceLayout.Braces, ".c", ".h") { OtherContentTypes = ["text/x-csrc", "text/x-chdr"], HasCharacters = true, TypeWords = TypeWords },
        new("cpp", "text/x-c++", SourceLayout.Braces, ".cpp", ".cc", ".cxx", ".hpp", ".hh", ".hxx")
        {
            OtherContentTypes = ["text/x-c++src", "text/x-c++hdr"], HasCharacters = true, TypeWords = TypeWords,
        },
        new("objective-c", "text/x-objective-c", SourceLayout.Braces, ".mm") { OtherContentTypes = ["text/x-objcsrc"], HasCharacters = true, TypeWords = TypeWords },
        new("javascript", "text/javascript", SourceLayout.Braces, ".js", ".mjs", ".cjs", ".jsx")
        {
            OtherContentTypes = ["application/javascript", "application/x-javascript"], Interpreters = ["node", "deno", "bun"], HasBacktickStrings = true, TypeWords = TypeWords,
        },
        new("typescript", "text/x-typescript", SourceLayout.Braces, ".ts", ".tsx", ".mts", ".cts")
        {
            OtherContentTypes = ["application/typescript", "application/x-typescript"], Interpreters = ["ts-node", "tsx"], HasBacktickStrings = true, TypeWords = [.. TypeWords, "module"],
        },
        new("php", "text/x-php", SourceLayout.Braces, ".php") { OtherContentTypes = ["application/x-php", "application/x-httpd-php"], Interpreters = ["php"], TypeWords = [.. TypeWords, "trait"] },
        new("perl", "text/x-perl", SourceLayout.Braces, ".pl", ".pm") { OtherContentTypes = ["application/x-perl"], Interpreters = ["perl"], LineComment = "#", FunctionWords = ["sub"] },
        new("r", "text/x-r", SourceLayout.Braces, ".r") { OtherContentTypes = ["text/x-rsrc"], Interpreters = ["Rscript"], LineComment = "#" },
        new("powershell", "text/x-powershell", SourceLayout.Braces, ".ps1", ".psm1", ".psd1")
        {
            OtherContentTypes = ["application/x-powershell"], Interpreters = ["pwsh", "powershell"], LineComment = "#", TypeWords = ["class", "enum"], FunctionWords = ["function"],
        },
        new("protobuf", "text/x-protobuf", SourceLayout.Braces, ".proto") { OtherContentTypes = ["application/x-protobuf"], TypeWords = ["message", "service", "enum"] },
        new("terraform", "text/x-terraform", SourceLayout.Braces, ".tf", ".hcl") { LineComment = "#" },
        new("css", "text/css", SourceLayout.Braces, ".css", ".scss", ".less") { LineComment = "" },
        new("python", "text/x-python", SourceLayout.Indents, ".py", ".pyi")
        {
            OtherContentTypes = ["application/x-python", "text/x-script.python"], Interpreters = ["python", "pypy"], LineComment = "#", HasTextBlocks = true, TypeWords = ["class"], FunctionWords = ["def"], LeadingMarks = ["@"],
        },
        new("ruby", "text/x-ruby", SourceLayout.Indents, ".rb", ".rake") { OtherContentTypes = ["application/x-ruby"], Interpreters = ["ruby"], LineComment = "#", TypeWords = ["class", "module"], FunctionWords = ["def"] },
        new("elixir", "text/x-elixir", SourceLayout.Indents, ".ex", ".exs")
        {
            Interpreters = ["elixir"], LineComment = "#", HasTextBlocks = true, TypeWords = ["defmodule", "defprotocol", "defimpl"], FunctionWords = ["def", "defp", "defmacro"], LeadingMarks = ["@"],
        },
        new("lua", "text/x-lua", SourceLayout.Indents, ".lua") { Interpreters = ["lua"], LineComment = "--", FunctionWords = ["function"] },
        new("julia", "text/x-julia", SourceLayout.Indents, ".jl") { Interpreters = ["julia"], LineComment = "#", HasTextBlocks = true, TypeWords = ["module", "struct"], FunctionWords = ["function", "macro"] },
        new("fsharp", "text/x-fsharp", SourceLayout.Indents, ".fs", ".fsx", ".fsi") { HasTextBlocks = true, TypeWords = ["module", "type"], FunctionWords = ["let", "member"], LeadingMarks = ["[<"] },
        new("vb", "text/x-vb", SourceLayout.Indents, ".vb") { LineComment = "'", TypeWords = ["Class", "Module", "Structure", "Interface", "Namespace"], FunctionWords = ["Sub", "Function", "Property"], LeadingMarks = ["<"] },
        new("shell", "text/x-shellscript", SourceLayout.Indents, ".sh", ".bash", ".zsh", ".ksh")
        {
            OtherContentTypes = ["application/x-sh", "text/x-sh"], Interpreters = ["sh", "bash", "zsh", "ksh", "dash"], LineComment = "#", FunctionWords = ["function"],
        },
        new("ini", "text/x-ini", SourceLayout.Sections, ".ini", ".cfg", ".conf", ".properties", ".editorconfig") { LineComment = "#" },
        new("toml", "application/toml", SourceLayout.Sections, ".toml") { OtherContentTypes = ["text/x-toml"], LineComment = "#" },
        new("yaml", "application/yaml", SourceLayout.Keys, ".yaml", ".yml") { OtherContentTypes = ["text/yaml", "text/x-yaml", "application/x-yaml"], LineComment = "#" },
        new("sql", "application/sql", SourceLayout.Paragraphs, ".sql") { OtherContentTypes = ["text/x-sql", "application/x-sql"], LineComment = "--" },
        new("xml", "application/xml", SourceLayout.Paragraphs, ".xml", ".xsd", ".xsl", ".csproj", ".props", ".targets", ".resx") { OtherContentTypes = ["text/xml"], LineComment = "" },
        new("haskell", "text/x-haskell", SourceLayout.Paragraphs, ".hs") { LineComment = "--" },
        new("clojure", "text/x-clojure", SourceLayout.Paragraphs, ".clj", ".cljs", ".edn") { LineComment = ";" },
        new("tex", "text/x-tex", SourceLayout.Paragraphs, ".tex") { OtherContentTypes = ["application/x-tex", "application/x-latex"], LineComment = "%" },
        new("makefile", "text/x-makefile", SourceLayout.Paragraphs, ".mk") { LineComment = "#" },
        new("graphql", "application/graphql", SourceLayout.Braces, ".graphql", ".gql") { LineComment = "#", TypeWords = ["type", "interface", "enum", "input", "union"] },
    ];
}
