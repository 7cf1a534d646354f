/** Something that the person who runs the program can put right. Printed as one line, with what to do, and without a stack trace. */
export class OperatorError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null, options?: ErrorOptions) {
    super(message, options);
    this.name = 'OperatorError';
    this.hint = hint;
  }
}
