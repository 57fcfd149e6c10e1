import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifySchemaCompiler,
  FastifyTypeProvider,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import * as z from 'zod';

declare module 'fastify' {
  interface FastifySchema {
    /** One sentence for the reference: what it answers or does. */
    readonly summary?: string;
    /** What the sentence leaves open. */
    readonly description?: string;
    /** Refusals that are this route's own, by status: when they happen. `openapi/problems.ts` has the general ones. */
    readonly problems?: Readonly<Record<number, string>>;
  }
}

/** Lets a route's handler see what its zod schemas say. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.core.$ZodType ? z.output<this['schema']> : unknown;
  serializer: this['schema'] extends z.core.$ZodType ? z.input<this['schema']> : unknown;
}

/** What routes are added to. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Validates requests by their zod schemas; Fastify's own validator would compile JSON schemas at every cold start. */
export const validateWithZod: FastifySchemaCompiler<z.core.$ZodType> = ({ schema }) => {
  return (value: unknown) => {
    const { success, data, error } = z.safeParse(schema, value);
    return success ? { value: data } : { error: new Error(z.prettifyError(error)) };
  };
};
