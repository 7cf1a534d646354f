import { isAbstractType, isInterfaceType, isObjectType, type GraphQLSchema } from 'graphql';

/** Whether an object of the type `typename` is one of the type `on`: that type itself, a member of the union or an implementation of the interface. */
export function isOfType(schema: GraphQLSchema, typename: string, on: string): boolean {
  if (typename === on) return true;
  const [type, condition] = [schema.getType(typename), schema.getType(on)];
  return isAbstractType(condition) && (isObjectType(type) || isInterfaceType(type)) && schema.isSubType(condition, type);
}
