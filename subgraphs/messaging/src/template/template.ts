/** Decides for which purpose a mail goes out, and so what may hold it back. */
export const templateCategories = ['AUTH', 'ORDERS', 'BILLING', 'SYSTEM', 'MARKETING'] as const;
export type TemplateCategory = (typeof templateCategories)[number];

export const templateFormats = ['MJML', 'HTML'] as const;
export type TemplateFormat = (typeof templateFormats)[number];

export const templateStatuses = ['DRAFT', 'PUBLISHED', 'ARCHIVED'] as const;
export type TemplateStatus = (typeof templateStatuses)[number];

/** Something that a template may name. `sample` stands for it in previews. */
export interface Variable {
  readonly name: string;
  readonly description: string;
  readonly required: boolean;
  readonly sample: unknown;
  /** The recipient's alone, such as a link that resets a password: no subject names it, as those are stored and shown. */
  readonly secret?: boolean | undefined;
}

/** What a version of a template says. */
export interface Words {
  readonly subject: string;
  readonly format: TemplateFormat;
  readonly source: string;
  readonly plain: string | null;
}

/** By the names of a template's variables. */
export type Values = Readonly<Record<string, unknown>>;

/** What every mail knows without being told: who sends it. */
export interface Sender {
  /** The store's name, or the platform's. */
  readonly name: string;
  readonly signature: string | null;
  /** An IANA name: of the times that mails tell. */
  readonly timeZone: string;
}

/** Names that a template may use without declaring them: `{{ sender.name }}`, `{{ language }}`. */
export const givenNames: readonly string[] = ['sender', 'language'];

/** Of the required variables those that are missing: not there, null, or blank. */
export const missing = (variables: readonly Variable[], values: Values): readonly string[] =>
  variables.filter(({ name, required }) => required && isBlank(values[name])).map(({ name }) => name);

export const sampleOf = (variables: readonly Variable[]): Values => Object.fromEntries(variables.map(({ name, sample }) => [name, sample]));

const isBlank = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
