import { jsonSchema } from '@dispatcher/rules';
import type { JsonSchema } from './schema-lookup.ts';

/** The JSON Schema of a dispatching.yml. Loaded after the page: nothing needs it before somebody types. */
export const schema = jsonSchema() as JsonSchema;
