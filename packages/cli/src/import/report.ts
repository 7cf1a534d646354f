import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OperatorError } from '@storegraph/core';
import { stringify } from 'csv-stringify/sync';
import type { Rejection } from './line.ts';

export interface Report {
  add(rejection: Rejection): Promise<void>;
  /** Writes what is left. May be called again. */
  close(): Promise<void>;
}

const rowsPerWrite = 500;

/**
 * A CSV file with one row for each rejected line: its number, the code, the reason, and the cells as they were read. Throws an OperatorError, then or
 * later, when the file can not be written.
 */
export async function openReport(path: string): Promise<Report> {
  const file = await writable(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    return open(path, 'w', 0o600);
  });
  const rows: (string | number)[][] = [['line', 'code', 'reason', 'content']];
  let isOpen = true;
  const flush = async () => {
    // Cells come from a stranger's file and may hold formulas that a spreadsheet would run.
    if (rows.length > 0) await file.appendFile(stringify(rows.splice(0), { escape_formulas: true }));
  };
  return {
    add: async ({ number, code, reason, cells }) => {
      rows.push([number, code, reason, cells.join(' | ')]);
      if (rows.length >= rowsPerWrite) await writable(path, flush);
    },
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await writable(path, () => flush().finally(() => file.close()));
    },
  };
}

async function writable<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new OperatorError(
      `The report ${path} can not be written.`,
      'Check the folder, your rights and the space left, or name another file with --report.',
      { cause },
    );
  }
}
