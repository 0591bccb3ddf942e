// npm's hnswlib-node on the workload that VectorsBench laid into FOLDER: the same arguments and output as hnswlib.cpp.
import { createRequire } from 'node:module';
import { readFileSync, statSync } from 'node:fs';

const [folder, dimensionText, m, efConstruction, highEnough, widths, ...scenarios] = process.argv.slice(2);
const { HierarchicalNSW } = createRequire(`${folder}/`)('hnswlib-node');
const dimension = Number(dimensionText), count = 10;

const floats = name => {
  const bytes = readFileSync(`${folder}/${name}`);
  return new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
};
const vectors = name => {
  const all = floats(name);
  return Array.from({ length: all.length / dimension }, (_, row) => Array.from(all.subarray(row * dimension, (row + 1) * dimension)));
};
const seconds = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

const rows = vectors('rows.f32'), queries = vectors('queries.f32');
const index = new HierarchicalNSW('ip', dimension);
index.initIndex(rows.length, Number(m), Number(efConstruction), 100);
let start = seconds();
rows.forEach((row, label) => index.addPoint(row, label));
console.log(`build ${(seconds() - start).toFixed(3)}`);
index.writeIndexSync(`${folder}/hnswlib-node.bin`);
console.log(`bytes ${statSync(`${folder}/hnswlib-node.bin`).size}`);

for (const scenario of scenarios) {
  const lowest = floats(`${scenario}.lowest`), flags = readFileSync(`${folder}/${scenario}.allowed`);
  const allowed = scenario.startsWith('filter') ? label => flags[label] === 1 : undefined;
  if (scenario.startsWith('deleted')) {
    flags.forEach((flag, row) => flag || index.markDelete(row));
  }
  for (const ef of widths.split(',').map(Number)) {
    index.setEf(ef);
    let best = Infinity, recall = 0;
    for (let pass = 0; pass < 3; pass++) {
      let found = 0;
      start = seconds();
      for (let query = 0; query < lowest.length; query++) {
        const { distances } = index.searchKnn(queries[query], count, allowed);
        for (const distance of distances) found += 1 - distance >= lowest[query] ? 1 : 0;
      }
      best = Math.min(best, seconds() - start);
      recall = Math.min(1, found / (lowest.length * count));
    }
    console.log(`run ${scenario} ${ef} ${(lowest.length / best).toFixed(1)} ${recall.toFixed(5)}`);
    if (recall > Number(highEnough)) break;
  }
}
