import { getOperationAST, type DocumentNode, type OperationDefinitionNode } from 'graphql';
import { refused } from '../errors.ts';

/** The operation of a document that is meant. Throws BAD_REQUEST where there is none of that name, or there are several and none was named. */
export function operationNamed(document: DocumentNode, name: string | null | undefined): OperationDefinitionNode {
  const operation = getOperationAST(document, name);
  if (!operation) throw refused('BAD_REQUEST', 'The document has no operation of that name, or several and none was named.');
  return operation;
}
