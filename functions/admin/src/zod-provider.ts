import type { FastifySchemaCompiler, FastifyTypeProvider } from 'fastify';
import * as z from 'zod';

/** Lets a route's handler see what its zod schemas say. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown;
  serializer: this['schema'] extends z.ZodType ? z.input<this['schema']> : unknown;
}

/** Validates requests by their zod schemas; Fastify's own validator would compile JSON schemas at every cold start. */
export const validateWithZod: FastifySchemaCompiler<z.ZodType> = ({ schema }) => {
  return (value: unknown) => {
    const { success, data, error } = schema.safeParse(value);
    return success ? { value: data } : { error: new Error(z.prettifyError(error)) };
  };
};
