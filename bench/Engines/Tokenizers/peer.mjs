// Tokenizes the lines of a file (JSON Lines of strings) with a peer from npm: a JSON array of ids per line.
// usage: node peer.mjs PACKAGE TOKENIZER_FOLDER LINES OUT, where node finds the package, which is
//   tokenizers               Hugging Face's implementation in Rust, the reference
//   @huggingface/tokenizers  theirs in JavaScript, of transformers.js
// Only tokenizing is timed, on one thread, in seconds of processor time: the machine may be busy.
import { readFileSync, openSync, writeSync, closeSync } from "node:fs";

const Batch = 1000;
const [, , name, folder, lines, out] = process.argv;
const peer = await import(name);
const texts = readFileSync(lines, "utf8").split("\n").filter((line) => line.length > 0).map((line) => JSON.parse(line));
const isNative = name === "tokenizers";
const json = `${folder}/tokenizer.json`;
const tokenizer = isNative ? peer.Tokenizer.fromFile(json) : new peer.Tokenizer(JSON.parse(readFileSync(json, "utf8")), {});
if (isNative) {
  tokenizer.disableTruncation();
  tokenizer.disablePadding();
}
const file = openSync(out, "w");
let microseconds = 0;
for (let at = 0; at < texts.length; at += Batch) {
  const batch = texts.slice(at, at + Batch);
  const begin = process.cpuUsage();
  const ids = isNative
    ? (await tokenizer.encodeBatch(batch, { addSpecialTokens: false })).map((encoding) => encoding.getIds())
    : batch.map((text) => tokenizer.encode(text, { add_special_tokens: false }).ids);
  const spent = process.cpuUsage(begin);
  microseconds += spent.user + spent.system;
  writeSync(file, ids.map((line) => JSON.stringify(line) + "\n").join(""));
}
closeSync(file);
console.log(microseconds / 1e6);
