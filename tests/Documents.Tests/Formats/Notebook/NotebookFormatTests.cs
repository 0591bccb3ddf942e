using System.Text;

namespace RagPlatform.Documents.Tests.Formats.Notebook;

public sealed class NotebookFormatTests
{
    private const string Notebook = "application/x-ipynb+json";

    private const string Analysis =
        """
        {
          "cells": [
            {"cell_type": "markdown", "metadata": {}, "source": ["# Pump *noise*\n", "\n", "We measure the noise.\n", "\n", "## Setup\n"]},
            {"cell_type": "code", "execution_count": 1, "metadata": {}, "outputs": [
              {"output_type": "stream", "name": "stdout", "text": ["loading 10%\rloading 100%\n", "done\n"]}
            ], "source": "import pandas\n\ndef load():\n    return 1"},
            {"cell_type": "markdown", "metadata": {}, "source": "## Results\n\n- loud\n- quiet"},
            {"cell_type": "code", "execution_count": 2, "metadata": {}, "outputs": [
              {"output_type": "execute_result", "data": {"text/plain": ["   a  b\n", "0  1  2"], "text/html": ["<table></table>"]}, "metadata": {}},
              {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo=", "text/plain": ["<Figure size 640x480 with 1 Axes>"]}, "metadata": {}},
              {"output_type": "display_data", "data": {"text/html": "<p>Only <b>HTML</b></p>", "text/plain": "<IPython.core.display.HTML object>"}, "metadata": {}},
              {"output_type": "error", "ename": "ValueError", "evalue": "no data", "traceback": ["\u001b[0;31mValueError\u001b[0m: no data"]}
            ], "source": ["load()\n"]},
            {"cell_type": "raw", "metadata": {}, "source": "raw words"},
            {"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": []}
          ],
          "metadata": {"kernelspec": {"language": "python", "name": "python3"}, "language_info": {"name": "python"}, "title": "Noise", "authors": [{"name": "A. Berg"}]},
          "nbformat": 4, "nbformat_minor": 5
        }
        """;

    private const string Old =
        """
        {
          "metadata": {"name": "old one"}, "nbformat": 3, "nbformat_minor": 0,
          "worksheets": [{"cells": [
            {"cell_type": "heading", "level": 2, "source": ["Part two"]},
            {"cell_type": "code", "language": "python", "input": ["print(1)"], "outputs": [
              {"output_type": "stream", "stream": "stdout", "text": ["1\n"]},
              {"output_type": "pyout", "text": ["2"], "html": ["<b>2</b>"]},
              {"output_type": "pyerr", "ename": "E", "evalue": "gone", "traceback": []}
            ]}
          ]}]
        }
        """;

    [Fact]
    public void Extract_Analysis_ReadsAsItsReaderSeesIt() => Read(Analysis).ShouldBeAsApproved("analysis.ipynb");

    [Fact]
    public void Extract_FormatThree_IsRead() => Read(Old).ShouldBeAsApproved("old.ipynb");

    [Fact]
    public void Extract_Headings_GoOnFromCellToCell() =>
        Read(Analysis).Blocks[^1].HeadingPath.ShouldBe(["Pump noise", "Results"]);

    [Fact]
    public void Extract_AuthorsAndLanguage_AreProperties()
    {
        var document = Read(Analysis);

        document.Properties.Author.ShouldBe("A. Berg");
        document.Properties.Metadata["programming-language"].ShouldBe("python");
    }

    [Theory]
    [InlineData("{\"metadata\": {}}", "cells")]
    [InlineData("[1]", "cells")]
    [InlineData("{\"cells\": 1}", "cells")]
    [InlineData("{\"cells\": [}", "line 1, column 12")]
    public void Extract_NoNotebook_SaysWhy(string json, string expected)
    {
        var failure = Should.Throw<ExtractionException>(() => Read(json));

        failure.Code.ShouldBe(ExtractionErrorCode.Damaged);
        failure.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("{\"cells\": [1, {}, {\"cell_type\": 3}, {\"cell_type\": \"code\", \"source\": {\"a\": 1}, \"outputs\": 5}, {\"cell_type\": \"markdown\", \"source\": [1, \"text\"]}]}", "Paragraph: text")]
    [InlineData("{\"cells\": [{\"cell_type\": \"code\", \"source\": \"x\", \"outputs\": [1, {\"data\": []}, {\"output_type\": \"stream\", \"text\": 5}]}]}", "Code: x", "Quote: 5")]
    public void Extract_OddCells_AreReadAsFarAsTheyGo(string json, params string[] expected) => Read(json).Show().ShouldBe(expected);

    [Fact]
    public void Detect_WithoutAName_TellsANotebookFromJson()
    {
        DocumentFormats.OfContent(Encoding.UTF8.GetBytes(Analysis))!.ContentType.ShouldBe(Notebook);
        DocumentFormats.OfContent(Encoding.UTF8.GetBytes(Old))!.ContentType.ShouldBe(Notebook);
        DocumentFormats.OfContent("{\"cells\": [1]}"u8.ToArray())!.ContentType.ShouldBe("application/json");
    }

    [Fact]
    public void Extract_DamagedNotebooks_AreReadOrRefused() => Mutations.ShouldBeReadOrRefused(Encoding.UTF8.GetBytes(Analysis), Notebook, times: 200);

    private static ExtractedDocument Read(string json) => Documents.Extract(Encoding.UTF8.GetBytes(json), Notebook);
}
