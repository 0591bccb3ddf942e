// Takes the documentation's pictures of the Aspire dashboard from a run that is under way.
//   node take-pictures.mjs DASHBOARD_URL DOCUMENT_TRACE_ID ASK_TRACE_ID OUTPUT_FOLDER [CHROMIUM]
import { chromium } from 'playwright-core';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const [dashboard, documentTrace, askTrace, folder, chosenBrowser] = process.argv.slice(2);
const isTraceId = (text) => /^[0-9a-f]{32}$/.test(text ?? '');
if (!URL.canParse(dashboard) || !isTraceId(documentTrace) || !isTraceId(askTrace) || !folder) {
  console.error('usage: node take-pictures.mjs DASHBOARD_URL DOCUMENT_TRACE_ID ASK_TRACE_ID OUTPUT_FOLDER [CHROMIUM]; trace ids have 32 hex digits');
  process.exit(2);
}

const width = 1600;
const waitMs = 60_000;

/** The one that is named, else the first on the PATH. */
function findBrowser() {
  const named = chosenBrowser ?? process.env.CHROMIUM;
  const folders = (process.env.PATH ?? '').split(delimiter);
  const candidates = named ? [named] : ['chromium', 'google-chrome'].flatMap((name) => folders.map((directory) => join(directory, name)));
  const isProgram = (file) => { try { accessSync(file, constants.X_OK); return true; } catch { return false; } };
  const found = candidates.find(isProgram);
  if (!found) throw new Error(`no Chromium at ${named ?? 'any folder of PATH'}: install chromium, or name it as the last argument or in CHROMIUM`);
  return found;
}

/** The services that must have sent spans before the picture is worth taking: exporters send in batches. */
async function waitForTrace(traceId, services) {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const response = await fetch(new URL(`/api/telemetry/traces/${traceId}`, dashboard));
    const text = response.ok ? await response.text() : '';
    const missing = services.filter((service) => !text.includes(`"stringValue":"${service}"`));
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw new Error(`trace ${traceId} has no spans of ${missing.join(', ')} after ${waitMs / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

async function take(page, name, path, height, contents) {
  await page.setViewportSize({ width, height });
  await page.goto(new URL(path, dashboard).href);
  for (const content of contents) await page.getByText(content).first().waitFor({ timeout: waitMs });
  // The telemetry of a run on one machine is unsecured, and the dashboard says so in a bar across the picture.
  const dismiss = page.locator('.fluent-messagebar-close');
  if (await dismiss.count() > 0) {
    await dismiss.first().click();
    await dismiss.first().waitFor({ state: 'detached' });
  }
  const file = join(folder, `${name}.png`);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: file, animations: 'disabled' });
  console.log(file);
}

await waitForTrace(documentTrace, ['ingestion', 'embedding', 'retrieval']);
await waitForTrace(askTrace, ['gateway', 'generation', 'retrieval', 'embedding']);
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({
  executablePath: findBrowser(),
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage({ colorScheme: 'light' });
  page.setDefaultTimeout(waitMs);
  await take(page, 'resources', '/', 500, ['gateway', 'ingestion', 'embedding', 'retrieval', 'generation', 'Running']);
  await take(page, 'trace-document', `/traces/detail/${documentTrace}`, 850, ['receive rag.documents', 'publish rag.events']);
  await take(page, 'trace-ask', `/traces/detail/${askTrace}`, 900, ['GatewayService/Ask', 'embed']);
} finally {
  await browser.close();
}
