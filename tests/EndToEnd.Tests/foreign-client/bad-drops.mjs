// Drops what nobody should, with good documents between.
//   node bad-drops.mjs AMQP_URL COLLECTION LARGE_BYTES           prints one JSON line once all are confirmed
import amqp from 'amqplib';

const [url, collection, largeText] = process.argv.slice(2);
const connection = await amqp.connect(url, { frameMax: 131072 });
const channel = await connection.createConfirmChannel();
const json = (document) => Buffer.from(JSON.stringify(document));
const good = (name) => json({ id: name, collection, contentType: 'text/markdown', text: `# ${name}\n\nThis good document is called ${name}.\n` });

const drops = [
  good('good-1.md'),
  Buffer.from('this is not JSON'),
  json({ id: 'no-text.md', collection }),
  good('good-2.md'),
  json({ id: 'bad-collection.md', collection: 'Not A Name!', text: 'x' }),
  json({ id: 'large.txt', collection, contentType: 'text/plain', text: 'x'.repeat(Number(largeText)) }),
  json({ id: 'bad-base64.md', collection, contentType: 'text/markdown', contentBase64: '***not base64***' }),
  json({ id: 'unsupported.bin', collection, contentType: 'application/x-tar', contentBase64: 'AAAA' }),
  good('good-3.md'),
];
for (const body of drops) {
  channel.sendToQueue('rag.documents', body, { contentType: 'application/json', persistent: true });
}
await channel.waitForConfirms();
console.log(JSON.stringify({ dropped: drops.length }));
await connection.close();
