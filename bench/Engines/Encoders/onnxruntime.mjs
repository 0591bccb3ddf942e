// Embeds batches of token ids with npm's onnxruntime-node, one request a line on standard input, one answer a line:
// {model, threads, batches: JSON file of [[ids of a text, ...], ...], out?: file for the vectors} -> {seconds}
// Texts of a batch are padded to its longest. Tensors are made before the clock starts.
import ort from "onnxruntime-node";
import { readFileSync, openSync, writeSync, closeSync } from "node:fs";
import { createInterface } from "node:readline";

const sessions = new Map();
const inputs = new Map();

function session(model, threads) {
  const key = `${model} ${threads}`;
  if (!sessions.has(key)) {
    sessions.set(key, ort.InferenceSession.create(model, {
      // Beyond "basic" it fuses SkipLayerNormalization, which is slower than its parts.
      intraOpNumThreads: threads, interOpNumThreads: 1, executionMode: "sequential", graphOptimizationLevel: "basic",
      extra: { session: { set_denormal_as_zero: "1" } },
    }));
  }
  return sessions.get(key);
}

function feeds(path) {
  if (!inputs.has(path)) {
    inputs.set(path, JSON.parse(readFileSync(path, "utf8")).map((batch) => {
      const width = Math.max(...batch.map((ids) => ids.length));
      const [ids, mask] = [new Int32Array(batch.length * width), new Int32Array(batch.length * width)];
      batch.forEach((text, row) => { ids.set(text, row * width); mask.fill(1, row * width, row * width + text.length); });
      const shape = [batch.length, width];
      return { input_ids: new ort.Tensor("int32", ids, shape), attention_mask: new ort.Tensor("int32", mask, shape) };
    }));
  }
  return inputs.get(path);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { model, threads, batches, out } = JSON.parse(line);
  const [run, prepared] = [await session(model, threads), feeds(batches)];
  const begin = performance.now();
  const results = [];
  for (const feed of prepared) results.push(await run.run(feed));
  const seconds = (performance.now() - begin) / 1000;
  if (out) {
    const file = openSync(out, "w");
    for (const { sentence_embedding: vectors } of results) writeSync(file, Buffer.from(vectors.data.buffer, vectors.data.byteOffset, vectors.data.byteLength));
    closeSync(file);
  }
  console.log(JSON.stringify({ seconds }));
}
