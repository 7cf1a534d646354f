import { afterAll, TestRunner } from 'vitest';

/** An `afterAll` of the file that may stand in a hook too: Vitest forgets one that comes once the file's tests are known, and says nothing. */
export function atEnd(work: () => Promise<void>): void {
  const { file } = TestRunner.getCurrentSuite();
  const hooks = file && (TestRunner.getSuiteHooks(file) as ReturnType<typeof TestRunner.getSuiteHooks> | undefined);
  if (hooks) hooks.afterAll.push(work);
  else afterAll(work);
}
