import { fail, type Result } from '@storegraph/core';
import { constraintOf } from '@storegraph/database';

/** Runs a command that names a role: of two that give the same name at once, the database takes one. */
export async function named<T, Code extends string>(command: () => Promise<Result<T, Code>>): Promise<Result<T, Code | 'NAME_TAKEN'>> {
  try {
    return await command();
  } catch (error) {
    if (constraintOf(error) !== 'roles_name_unique') throw error;
    return fail('NAME_TAKEN', 'The store has a role of this name.', ['name']);
  }
}
