import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { PassThrough, Transform, Writable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { OperatorError } from '@storegraph/core';
import { CsvError, parse, type Info } from 'csv-parse';
import iconv from 'iconv-lite';
import { checkLayout, type Layout } from './layout.ts';

/** One record of the file: its fields, and the number of the line on which it ends (the header is line 1). */
export interface RawLine {
  readonly number: number;
  readonly cells: readonly string[];
}

/** Longer than any order line; a stray quotation mark must not swallow the rest of the file. */
const longestRecord = 64 * 1024;

/** A file that has been read once, to its end. */
export interface InspectedFile {
  readonly path: string;
  readonly layout: Layout;
  readonly bytes: number;
  readonly gzip: boolean;
}

/** Opens the file before anything is written: whatever is wrong with it as a whole is found here, as an OperatorError. */
export async function inspect(path: string, layout: Layout): Promise<InspectedFile> {
  checkLayout(layout);
  const unreadable = (cause: unknown): never => {
    throw new OperatorError(`The file ${path} can not be read.`, 'Check its path and your rights.', { cause });
  };
  const info = await stat(path).catch(unreadable);
  if (!info.isFile()) throw new OperatorError(`${path} is not a file.`, 'Give one CSV file, plain or gzip.');
  const gzip = await startsLikeGzip(path).catch(unreadable);
  const { encoding } = layout;
  const strict = /^utf-?8$/i.test(encoding) ? new TextDecoder('utf-8', { fatal: true }) : null;
  const check = new Writable({
    write(chunk: Buffer, _encoding, done) {
      try {
        strict?.decode(chunk, { stream: true });
        done();
      } catch {
        done(new OperatorError(`The file is not ${encoding}.`, 'Name its encoding, such as --encoding windows-1252.'));
      }
    },
  });
  await pipeline(createReadStream(path), gzip ? createGunzip() : new PassThrough(), check).catch(readable);
  return { path, layout, bytes: info.size, gzip };
}

/** Streams the records of a file that `inspect` has passed. `onBytes` hears how much of the file has been read. */
export async function* readLines({ path, gzip, layout }: InspectedFile, onBytes: (bytes: number) => void): AsyncGenerator<RawLine> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  source.on('data', () => onBytes(source.bytesRead));
  const parser = parse({
    bom: true,
    delimiter: layout.delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    // A quotation mark within a cell stays as it stands; only one that is never closed is an error.
    relax_quotes: true,
    max_record_size: longestRecord,
  });
  const decoded = (gzip ? source.pipe(createGunzip()) : source).pipe(decoder(layout.encoding));
  decoded.on('error', (error) => parser.destroy(error));
  try {
    for await (const { record, info } of decoded.pipe(parser) as AsyncIterable<{ record: string[]; info: Info }>) {
      yield { number: info.lines, cells: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = Number(error['lines'] ?? 0);
    throw new OperatorError(
      `The file is not CSV from line ${line} on: ${error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE' ? 'a quotation mark is opened and not closed' : error.message}.`,
      'Mend it and run the import again: what was read before stays and is not taken twice.',
      { cause: error },
    );
  }
}

function decoder(encoding: string): Transform {
  const inner = iconv.getDecoder(encoding);
  return new Transform({
    decodeStrings: false,
    encoding: 'utf8',
    transform(chunk: Buffer, _encoding, done) {
      done(null, inner.write(chunk));
    },
    flush(done) {
      done(null, inner.end() ?? '');
    },
  });
}

async function startsLikeGzip(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}

function readable(error: unknown): never {
  if (error instanceof OperatorError) throw error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'Z_BUF_ERROR' || code === 'Z_DATA_ERROR')
    throw new OperatorError('The gzip file is damaged or cut off.', 'Get it again, or unpack what can be unpacked.');
  throw error;
}
