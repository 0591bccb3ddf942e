#!/bin/sh
# Makes charsmap.json: a small table of SentencePiece's own making, and what Hugging Face's implementation in Rust makes
# of some texts with it. Needs Debian's sentencepiece 0.1.97, python3, node and npm's tokenizers 0.23.2 in node_modules.
set -eu
work=$(mktemp -d)
cat > "$work/rules.tsv" <<RULES
9	20
D	20
D A	20
A0	20
AD
E9	E9
65 301	E9
FB01	66 69
2460	31
3000	20
FF76	30AB
FF76 FF9E	30AC
337F	682A 5F0F 4F1A 793E
1D49C	41
FFFD	20
RULES
seq 1 2000 | sed 's/.*/a b c d e & x y/' > "$work/text"
spm_train --input="$work/text" --model_prefix="$work/m" --vocab_size=30 --model_type=unigram --normalization_rule_tsv="$work/rules.tsv" > /dev/null 2>&1
WORK="$work" node --input-type=module <<'SCRIPT'
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
const { Tokenizer } = createRequire(process.cwd() + "/")("tokenizers");
// ModelProto.normalizer_spec (3), in it precompiled_charsmap (2).
const field = (bytes, wanted) => {
  for (let at = 0; at < bytes.length; ) {
    const varint = () => { let v = 0, s = 0, c; do { c = bytes[at++]; v += (c & 127) * 2 ** s; s += 7; } while (c > 127); return v; };
    const tag = varint(), type = tag & 7;
    if (type === 2) { const n = varint(); if (tag >> 3 === wanted) return bytes.subarray(at, at + n); at += n; }
    else if (type === 0) varint(); else at += type === 1 ? 8 : 4;
  }
};
const charsmap = Buffer.from(field(field(readFileSync(process.env.WORK + "/m.model"), 3), 2)).toString("base64");
const tokenizer = Tokenizer.fromString(JSON.stringify({ version: "1.0", added_tokens: [], normalizer: { type: "Precompiled", precompiled_charsmap: charsmap }, model: { type: "Unigram", unk_id: 0, vocab: [["<unk>", 0]] } }));
const texts = ["plain", "", "caf\u00e9", "cafe\u0301", "\ufb01ne", "\ufb01\u0301x", "e\u0301\u0323z", "\u2460\u2460", "a\tb\r\nc\rd", "soft\u00adhyphen", "\uff76\uff9e\uff76", "\u337f!", "\u{1d49c}\u0301\u{1d49c}", "\u3000\u00a0", "\u0301", "\ufffd?", "👩‍💻\ufb01", "\u2460\u200d\u2460"];
writeFileSync("charsmap.json", JSON.stringify({ charsmap, cases: texts.map((text) => [text, tokenizer.getNormalizer().normalizeString(text)]) }) + "\n");
SCRIPT
rm -r "$work"
