import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';

/**
 * Writes an order file of the built-in layout, shaped like the real one: about 21 lines an invoice, one in six a credit note, one in six
 * by a guest. The same number of lines gives the same file.
 */
export async function writeOrdersFile(path: string, lines: number): Promise<void> {
  const random = generator(536_365);
  const between = (low: number, high: number) => low + Math.floor(random() * (high - low + 1));
  const file = createWriteStream(path);
  file.write('InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n');
  const start = Date.UTC(2010, 11, 1, 8);
  for (let written = 0, invoice = 536_365; written < lines; invoice += 1) {
    const credit = random() < 0.16;
    const size = Math.min(lines - written, credit ? between(1, 4) : between(1, 49));
    const customer = random() < 0.16 ? '' : String(12_000 + between(0, lines / 40));
    const at = new Date(start + (invoice - 536_365) * 60_000).toISOString();
    const date = `${at.slice(8, 10)}/${at.slice(5, 7)}/${at.slice(0, 4)} ${at.slice(11, 16)}`;
    for (let line = 0; line < size; line += 1) {
      const sku = between(20_000, 24_000);
      const quantity = between(1, 48) * (credit ? -1 : 1);
      const price = `${between(0, 12)}.${String(between(1, 99)).padStart(2, '0')}`;
      const text = `${credit ? 'C' : ''}${invoice},${sku},ARTICLE NUMBER ${sku} IN RED,${quantity},${date},${price},${customer},United Kingdom\n`;
      if (!file.write(text)) await once(file, 'drain');
    }
    written += size;
  }
  file.end();
  await finished(file);
}

/** Mulberry32: small, and the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
