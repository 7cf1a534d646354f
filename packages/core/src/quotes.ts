/**
 * An error's message of graphql-js without the input that it quotes, which may be a password: what is wrong and where stays.
 * Of the parser, the validation and the coercion of variables.
 */
export function withoutValues(message: string): string {
  return message
    .replace(/^(Syntax Error: .*?\b(?:String|BlockString|Int|Float)) "[\s\S]*$/, '$1.')
    .replace(/ cannot represent ([^:]*): [\s\S]*$/, ' cannot represent $1.')
    .replace(/^(Expected value of type "[^"]*"), found [\s\S]*$/, '$1.')
    .replace(/Value "[\s\S]*" does not exist in /, 'The value does not exist in ')
    .replace(/ got invalid value ([\s\S]*); ([^;]*)$/, (_, value: string, reason: string) => ` is not valid${place(value)}: ${reason}`);
}

const place = (text: string) => / at "[\w$.[\]]+"$/.exec(text)?.[0] ?? '';
