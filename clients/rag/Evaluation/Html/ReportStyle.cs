namespace RagPlatform.CommandLine.Evaluation.Html;

/// <summary>The report's looks: light or dark as the reader's system has it, and plain when printed.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root {
          color-scheme: light dark;
          --paper: #ffffff; --ink: #1b1f24; --soft: #59636e; --line: #d9dee3; --shade: #f5f7f9;
          --arm0: #c2570c; --arm1: #1769b5; --arm2: #1a7f5a;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #14171a; --ink: #e6e9ec; --soft: #9aa4ae; --line: #30363d; --shade: #1c2024;
            --arm0: #f0954c; --arm1: #6cb2f2; --arm2: #4cc592;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, "Segoe UI", Roboto, sans-serif; }
        main { max-width: 54rem; margin: 0 auto; padding: 3rem 1.25rem 5rem; }
        h1 { font-size: 2rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 .4rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.2rem; letter-spacing: -0.01em; margin: 3rem 0 .3rem; }
        p { margin: .3rem 0 1rem; max-width: 44rem; }
        .eyebrow { color: var(--soft); font-size: .85rem; margin: 0 0 .3rem; }
        .note { color: var(--soft); font-size: .9rem; }
        dl { display: flex; flex-wrap: wrap; gap: .6rem 2rem; margin: 1.2rem 0 0; padding: .9rem 1.1rem; background: var(--shade); border-radius: 8px; }
        dt { color: var(--soft); font-size: .8rem; } dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
        figure { margin: 1rem 0; } svg { display: block; width: 100%; height: auto; }
        .trio { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem 1.5rem; }
        .legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin: .6rem 0; padding: 0; list-style: none; font-size: .9rem; }
        .legend span { display: inline-block; width: .8em; height: .8em; border-radius: 2px; margin-right: .45em; }
        .key0 { background: var(--arm0); } .key1 { background: var(--arm1); } .key2 { background: var(--arm2); }
        svg text { fill: var(--ink); font: 13px system-ui, "Segoe UI", Roboto, sans-serif; font-variant-numeric: tabular-nums; }
        svg .tick { fill: var(--soft); font-size: 11px; } svg .value { font-size: 12px; } svg .name { font-weight: 600; }
        .grid { stroke: var(--line); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; } .whisker { stroke: var(--ink); stroke-width: 1.3; }
        .arm0 { fill: var(--arm0); } .arm1 { fill: var(--arm1); } .arm2 { fill: var(--arm2); } .fill { fill-opacity: .8; }
        .band { fill: var(--arm2); fill-opacity: .15; } .curve { fill: none; stroke: var(--arm2); stroke-width: 2.2; }
        .now { stroke: var(--soft); stroke-dasharray: 4 4; } .point { fill: var(--paper); stroke: var(--arm2); stroke-width: 2; } .point.best { fill: var(--arm2); }
        .scroll { overflow-x: auto; } .scroll svg { min-width: 36rem; }
        table { width: 100%; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; color: var(--soft); font-size: .85rem; padding-bottom: .3rem; }
        th, td { text-align: right; padding: .45rem .7rem; border-bottom: 1px solid var(--line); vertical-align: top; }
        th { font-weight: 600; } thead th { color: var(--soft); font-size: .82rem; }
        th:first-child, td:first-child { padding-left: 0; } th:last-child, td:last-child { padding-right: 0; }
        .text, th[scope=row] { text-align: left; }
        td.text { overflow-wrap: break-word; min-width: 8rem; } td.text:first-child { min-width: 16rem; }
        small { color: var(--soft); white-space: nowrap; }
        details { margin: .8rem 0; } summary { cursor: pointer; font-weight: 600; }
        """;
}
