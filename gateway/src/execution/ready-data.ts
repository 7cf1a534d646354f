import type { FormattedExecutionResult } from 'graphql';
import { answerText } from './engine.ts';

/** An answer's data as JSON text, on its way through what expects an object. */
interface ReadyData extends Record<string, unknown> {
  readonly text: string;
  /** How many objects stand in it below its root. */
  readonly objects: number;
}

export const readyData = (text: string, objects: number): ReadyData => ({ text, objects });

const isReady = (data: unknown): data is ReadyData => typeof data === 'object' && data !== null && 'text' in data;

/** How many objects stand in an answer's data below its root. */
export const objectsIn = (data: unknown): number => (isReady(data) ? data.objects : 0);

/** Writes an answer whose data is text, or which has none. */
export const stringifyAnswer = ({ data, errors = [], extensions }: FormattedExecutionResult): string =>
  answerText({ data: isReady(data) ? data.text : undefined, errors }, extensions);
