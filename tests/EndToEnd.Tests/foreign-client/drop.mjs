// Drops Markdown documents on the public queue as plain JSON and counts what the events exchange reports of them.
//   node drop.mjs AMQP_URL COLLECTION COUNT TIMEOUT_SECONDS      prints one JSON line
import amqp from 'amqplib';
import { randomBytes } from 'node:crypto';

const [url, collection, countText, timeoutText] = process.argv.slice(2);
const count = Number(countText);
const connection = await amqp.connect(url);
const channel = await connection.createConfirmChannel();

await channel.assertExchange('rag.events', 'topic', { durable: true });
const { queue } = await channel.assertQueue('', { exclusive: true });
await channel.bindQueue(queue, 'rag.events', 'document.*');

const events = new Map();
const failures = [];
let allIndexed;
const done = new Promise((resolve) => { allIndexed = resolve; });
await channel.consume(queue, (message) => {
  const event = JSON.parse(message.content.toString('utf8'));
  if (event.collection !== collection) return;
  if (event.type === 'document.failed') failures.push(event);
  if (event.type === 'document.indexed') events.set(event.id, (events.get(event.id) ?? 0) + 1);
  if (events.size === count) allIndexed();
}, { noAck: true });

const traceId = randomBytes(16).toString('hex');
for (let number = 0; number < count; number++) {
  const document = {
    id: `manual-${number}.md`,
    collection,
    title: `Pump manual ${number}`,
    contentType: 'text/markdown',
    text: `# Pump manual ${number}\n\nPump ${number} is oiled every ${number + 3} days.\n\n## Safety\n\nSwitch pump ${number} off before you open its housing. The valve code is V-${1000 + number}.\n`,
    metadata: { number: String(number) },
  };
  // The first document continues a trace that began outside the platform.
  const headers = number === 0 ? { traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01` } : {};
  channel.sendToQueue('rag.documents', Buffer.from(JSON.stringify(document)), { contentType: 'application/json', persistent: true, headers });
}
await channel.waitForConfirms();

const timeout = setTimeout(allIndexed, Number(timeoutText) * 1000);
await done;
clearTimeout(timeout);
console.log(JSON.stringify({ traceId, indexed: events.size, failures }));
await connection.close();
