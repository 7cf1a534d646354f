import Bowser from 'bowser';

/** What a program says it is, for people: `Firefox on macOS`. Null where it says nothing that is known. */
export function deviceName(userAgent: string | null): string | null {
  if (userAgent === null || userAgent.trim() === '') return null;
  const { browser, os } = Bowser.parse(userAgent);
  const named = [browser.name, os.name].filter((name) => name !== undefined && name !== '');
  return named.length > 0 ? named.join(' on ') : null;
}
