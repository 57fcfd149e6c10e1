import * as z from 'zod/mini';
import { FileSchema } from './schema.ts';

/** Returns the JSON Schema of a dispatching.yml, for editors. The compiler also checks what JSON Schema cannot express. */
export function jsonSchema(): object {
  return z.toJSONSchema(FileSchema, { io: 'input' });
}
