// Asks a question over gRPC with the protos that the server itself describes.
//   node ask.mjs HOST:PORT API_KEY COLLECTION QUESTION           prints one JSON line
import grpc from '@grpc/grpc-js';
import { loadService } from './reflection.mjs';

const [address, key, collection, question] = process.argv.slice(2);
const GatewayService = await loadService(address, 'ragplatform.gateway.v1.GatewayService');
const client = new GatewayService(address, grpc.credentials.createInsecure());
const metadata = new grpc.Metadata();
metadata.set('authorization', `Bearer ${key}`);

const answer = { order: [], sources: 0, text: '', citations: [], abstention: null, completion: null };
await new Promise((resolve, reject) => {
  const call = client.Ask({ collection, question }, metadata, { deadline: Date.now() + 60_000 });
  call.on('data', ({ part, ...rest }) => {
    if (answer.order.at(-1) !== part) answer.order.push(part);
    if (part === 'sources') answer.sources = rest.sources.sources.length;
    if (part === 'text') answer.text += rest.text;
    if (part === 'citations') answer.citations = rest.citations.citations;
    if (part === 'abstention') answer.abstention = rest.abstention;
    if (part === 'completion') answer.completion = rest.completion;
  });
  call.on('end', resolve);
  call.on('error', reject);
});
client.close();
console.log(JSON.stringify(answer));
