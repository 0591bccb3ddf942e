// Drops what nobody should, with good documents between.
//   node bad-drops.mjs AMQP_URL COLLECTION LARGE_BYTES
// Prints one JSON line once all are confirmed: how many were dropped, and why the broker refused the large one, if it did.
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
  json({ id: 'bad-base64.md', collection, contentType: 'text/markdown', contentBase64: '***not base64***' }),
  json({ id: 'unsupported.bin', collection, contentType: 'application/x-shockwave-flash', contentBase64: 'AAAA' }),
  good('good-3.md'),
];
for (const body of drops) {
  channel.sendToQueue('rag.documents', body, { contentType: 'application/json', persistent: true });
}
await channel.waitForConfirms();
await connection.close();

// A broker may itself refuse what is larger than its max_message_size, by closing the channel: its reason is the publisher's.
const refusal = await dropLarge();
console.log(JSON.stringify({ dropped: drops.length, refusal }));

async function dropLarge() {
  const own = await amqp.connect(url, { frameMax: 131072 });
  own.on('error', () => {});
  try {
    const large = await own.createConfirmChannel();
    return await new Promise((resolve, reject) => {
      large.on('error', (error) => resolve(error.message));
      const body = json({ id: 'large.txt', collection, contentType: 'text/plain', text: 'x'.repeat(Number(largeText)) });
      large.sendToQueue('rag.documents', body, { contentType: 'application/json' }, (error) => (error ? reject(error) : resolve(null)));
    }).catch((error) => error.message);
  } finally {
    await own.close().catch(() => {});
  }
}
