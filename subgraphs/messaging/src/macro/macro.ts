// A variable stands as {{ name }} and is replaced by plain text. There is nothing else to it: no filter, no condition, nothing that reaches anything.
const variable = /\{\{\s*([A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)\s*\}\}/g;

/** The variables of a text, each once, in their order. */
export const variablesOf = (content: string): string[] => [...new Set([...content.matchAll(variable)].map(([, name = '']) => name))];

/** Whether every brace pair of the text is a variable. */
export const isWellFormed = (content: string): boolean => !/\{\{|\}\}/.test(content.replace(variable, ''));

/** The text with its values, and the variables that have none: these stay as they are written. */
export function fill(content: string, values: ReadonlyMap<string, string>): { readonly content: string; readonly missing: string[] } {
  return {
    content: content.replace(variable, (written, name: string) => values.get(name) ?? written),
    missing: variablesOf(content).filter((name) => !values.has(name)),
  };
}
