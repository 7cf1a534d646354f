import { supergraphOf } from '../sameness/compose.ts';
import { interfaceObjects } from '../sameness/supergraphs/interface-objects.ts';

/** A supergraph in which what an operation's plan takes grows with every level several times over, and no limit of documents sees it. */
export const slowSupergraph = (): string => supergraphOf(interfaceObjects);

const levels = (depth: number): string => (depth === 0 ? 'id' : `reviews { product { name ... on Shoe { size } ${levels(depth - 1)} } }`);

/** Within all limits of documents, and yet planned for more than a second on a fast machine: many branches, each below what the planner itself gives up at. */
export const slowToPlan = (name: string): string =>
  `query ${name} { topReviewed { ${Array.from({ length: 50 }, (_, index) => `a${index}: ${levels(3)}`).join(' ')} } }`;

/** Has so many ways to be answered that the planner itself gives up. */
export const hasTooManyWays = `{ topReviewed { ${levels(6)} } }`;
