// Tokenizes the lines of a file (JSON Lines of strings) with npm's @huggingface/tokenizers: a JSON array of ids per line.
// usage: node peer.mjs TOKENIZER_FOLDER LINES OUT, where node finds @huggingface/tokenizers
import { Tokenizer } from "@huggingface/tokenizers";
import { readFileSync, openSync, writeSync, closeSync } from "node:fs";

const [, , folder, lines, out] = process.argv;
const json = JSON.parse(readFileSync(`${folder}/tokenizer.json`, "utf8"));
const tokenizer = new Tokenizer(json, {});
const file = openSync(out, "w");
const begin = performance.now();
let count = 0;
for (const line of readFileSync(lines, "utf8").split("\n")) {
  if (line.length === 0) continue;
  const { ids } = tokenizer.encode(JSON.parse(line), { add_special_tokens: false });
  writeSync(file, JSON.stringify(ids) + "\n");
  count++;
}
closeSync(file);
console.log(JSON.stringify({ lines: count, seconds: (performance.now() - begin) / 1000 }));
