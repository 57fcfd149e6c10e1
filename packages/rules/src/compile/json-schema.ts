import * as z from 'zod/mini';
import { FileSchema } from './schema.ts';

/**
 * The JSON Schema of a dispatching.yml, for editors. What it cannot say (order of `!`, duplicates) the compiler says.
 */
export function jsonSchema(): object {
  return z.toJSONSchema(FileSchema, { io: 'input' });
}
