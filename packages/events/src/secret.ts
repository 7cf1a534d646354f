/** Where a secret stands: a sealed text that was copied to another event does not open. */
export const secretPlace = (eventUuid: string): string => `events|log|secret|${eventUuid}`;
