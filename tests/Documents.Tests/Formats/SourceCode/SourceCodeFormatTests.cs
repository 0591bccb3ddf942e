using System.Diagnostics;
using System.Text;

namespace RagPlatform.Documents.Tests.Formats.SourceCode;

public sealed class SourceCodeFormatTests
{
    private const string CSharp =
        """"
        using System;
        using System.Text;

        namespace Shop
        {
            /// <summary>An order { of } things.</summary>
            [Table("orders", Key = new[] { "id" })]
            public sealed class Order<T> : Entity
                where T : class
            {
                private const string Brace = "}", Path = @"C:\";

                private readonly char _open = '{';
                public int Count { get; set; }

                // Adds one.
                public async Task<int> AddAsync(T item, int times)
                {
                    if (times > 0)
                    {
                        await Save($"{{{item}}}");
                    }

                    return Count;
                }
                public void Clear()
                {
                    var text = """
                        } not code {

                        """;

                    Count = 0;
                }

                public int Twice() => 2 * Count;

                private enum Kind { Small, Large }
            }
        }
        """";

    private const string Python =
        """"
        #!/usr/bin/env python3
        """Orders of the shop.

        def not_code(): pass
        """
        import os

        # A customer.
        class Customer(Person):
            """Who buys."""

            def __init__(self, name):
                self.name = name

                self.orders = []

            @property
            def count(self):
                # how many

                return len(self.orders)


        async def main():
            customer = Customer("x")

            print(customer.count)
        if __name__ == "__main__":
            main()
        """";

    private static readonly Dictionary<string, string> Samples = new()
    {
        ["order.cs"] = CSharp,
        ["orders.py"] = Python,
        ["stack.go"] = "package stack\n\nimport (\n\t\"fmt\"\n)\n\n// Stack is one.\ntype Stack struct {\n\titems []int\n\n\tname string\n}\n\nfunc (s *Stack) Push(item int) {\n\ts.items = append(s.items, item)\n\n\tfmt.Println(`}`)\n}\n",
        ["shape.rs"] = "use std::{fmt, io};\nuse std::rc::Rc;\n\nstruct Shape<'a> {\n    name: &'a str,\n}\n\nimpl<'a> Shape<'a> {\n    fn area(&self) -> f64 {\n        match '{' {\n            _ => 1.0,\n        }\n    }\n}\n\n#[test]\nfn works() {\n    assert!(true);\n}\n",
        ["app.js"] = "const a = require('a');\n\nexport class App extends Base {\n  run(x) {\n    return `}${x}`;\n\n  }\n}\n\nconst handler = async (event) => {\n  // it's fine\n\n  return 1;\n};\n",
        ["list.c"] = "#include <stdio.h>\n\nstruct node *find(int key) {\n    /* { */\n\n    return 0;\n}\n\nstruct node {\n    int key;\n};\n\nint main(void)\n{\n    return 0;\n}\n",
        ["backup.sh"] = "#!/bin/bash\nset -e\n\nbackup() {\n  tar cf x.tar \"$1\"\n\n  echo done\n}\n\nbackup /home\n",
        ["cart.rb"] = "module Shop\n  class Cart\n    def total(tax)\n      sum = 0\n\n      sum * tax\n    end\n\n    def clear!\n      @items = []\n    end\n  end\nend\n",
        ["schema.sql"] = "CREATE TABLE orders (\n  id int\n);\n\n-- all of them\nSELECT * FROM orders;\n",
        ["compose.yaml"] = "# the shop\nname: shop\nservices:\n  web:\n    image: nginx\n\n  db:\n    image: pg\n\"volumes\":\n- data\n---\nkind: Other\n",
        ["app.toml"] = "name = \"x\"\n\n[server]\nport = 1\n\nhost = \"h\"\n[[users]]\nid = 1\n",
    };

    public static TheoryData<string> Names => [.. Samples.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Extract_Sample_IsCutBetweenDeclarations(string name) => Read(name, Samples[name]).ShouldBeAsApproved(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Extract_Source_StoresItUnchangedAndCoversIt(string name)
    {
        var document = Read(name, Samples[name]);

        document.Text.ShouldBe(Samples[name]);
        var covered = string.Concat(document.Blocks.Select(block => document.Text[block.Start..block.End]));
        Bare(covered).ShouldBe(Bare(Samples[name]));
    }

    [Fact]
    public void Extract_StrayBrace_EndsAtTheNextDeclarationAtTheMargin()
    {
        var document = Read("a.js", "function a() {\n  return /{/;\n}\n\nfunction b() {\n  return 1;\n}\n");

        document.Blocks.Select(block => string.Join('/', block.HeadingPath)).ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("#!/usr/bin/python3.12\nprint(1)\n", "text/x-python")]
    [InlineData("#!/usr/bin/env -S node --test\nx()\n", "text/javascript")]
    [InlineData("#!/bin/sh\necho 1\n", "text/x-shellscript")]
    [InlineData("#!/opt/unknown/tool\nx\n", "text/plain")]
    [InlineData("# no shebang: #!/bin/sh", "text/markdown")]
    public void Detect_WithoutAName_TheInterpreterTells(string text, string expected) =>
        DocumentFormats.OfContent(Encoding.UTF8.GetBytes(text))!.ContentType.ShouldBe(expected);

    [Theory]
    [InlineData(".cs", "{")]
    [InlineData(".cs", "}")]
    [InlineData(".cs", "class A{\n")]
    [InlineData(".cs", "@\"")]
    [InlineData(".cs", "[")]
    [InlineData(".cs", "\n")]
    [InlineData(".rs", "'")]
    [InlineData(".js", "`\\")]
    [InlineData(".js", "f(")]
    [InlineData(".py", "\"\"\"'''")]
    [InlineData(".py", "class A:\n")]
    [InlineData(".py", "(")]
    [InlineData(".ini", "[a]\n")]
    [InlineData(".yaml", "a:\n")]
    [InlineData(".sql", "a\n\n")]
    public void Extract_RepeatedUnit_EndsInTime(string extension, string unit)
    {
        var clock = Stopwatch.StartNew();

        Read("a" + extension, string.Concat(Enumerable.Repeat(unit, 100_000)) + "\nend").ShouldKeepItsPromises();

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Extract_DamagedSource_IsReadOrRefused(string name) =>
        Mutations.ShouldBeReadOrRefused(Encoding.UTF8.GetBytes(Samples[name]), DocumentFormats.OfName(name)!.ContentType, times: 100);

    [Fact]
    public void All_TypesAndExtensions_AreOfOneLanguageEach()
    {
        var types = DocumentFormats.All.SelectMany(format => format.OtherContentTypes.Prepend(format.ContentType)).ToList();
        var extensions = DocumentFormats.All.SelectMany(format => format.Extensions).ToList();

        types.ShouldBeUnique();
        types.ShouldAllBe(type => !type.Any(char.IsUpper) && type.Contains('/'));
        extensions.ShouldBeUnique();
        extensions.ShouldAllBe(extension => extension.StartsWith('.') && !extension.Any(char.IsUpper));
    }

    private static ExtractedDocument Read(string name, string text)
    {
        var source = new DocumentSource(Encoding.UTF8.GetBytes(text), DocumentFormats.OfName(name)!.ContentType, "src/" + name);
        return new DocumentExtractor().Extract(source, CancellationToken.None);
    }

    private static string Bare(string text) => string.Concat(text.Where(character => !char.IsWhiteSpace(character)));
}
