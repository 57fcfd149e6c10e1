import { jsonSchema, policyJsonSchema } from '@dispatcher/rules';
import type { JsonSchema } from './schema-lookup.ts';

/** The JSON Schemas of both files. Loaded after the page: nothing needs them before somebody types. */
export const schema = jsonSchema() as JsonSchema;
export const policySchema = policyJsonSchema() as JsonSchema;
