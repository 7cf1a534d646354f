/** More complaints than this about one document say nothing new; each is looked up in its text. */
const maxErrors = 10;

/** How documents are validated: with suggestions, which compare a wrong name with every name of the schema, only where everybody may know those. */
export const validationOptions = (schemaIsOpen: boolean) => ({ maxErrors, hideSuggestions: !schemaIsOpen });
