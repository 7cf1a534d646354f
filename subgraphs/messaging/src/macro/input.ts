import { multiline, text } from '@storegraph/subgraph';
import { maxContent } from '../message/input.ts';
import { isWellFormed } from './macro.ts';

export const title = text(100);

export const content = multiline(maxContent).refine(isWellFormed, { error: 'A variable is written {{ name }}.' });
