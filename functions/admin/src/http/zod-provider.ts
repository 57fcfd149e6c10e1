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
import { validationMessage } from './validation-messages.ts';

declare module 'fastify' {
  interface FastifySchema {
    /** One sentence for the API reference: what the request does. */
    readonly summary?: string;
    /** Further details for the API reference. */
    readonly description?: string;
    /** The media type of a successful response; JSON if absent. Responses of another type have no `ETag`. */
    readonly mediaType?: string;
    /** This route's own error responses: when each status occurs. `openapi/problems.ts` has the general ones. */
    readonly problems?: Readonly<Record<number, string>>;
  }
}

/** Types a route's request and response by its zod schemas. */
export interface ZodTypeProvider extends FastifyTypeProvider {
  validator: this['schema'] extends z.core.$ZodType ? z.output<this['schema']> : unknown;
  serializer: this['schema'] extends z.core.$ZodType ? z.input<this['schema']> : unknown;
}

/** The Fastify instance that routes are added to. */
export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Validates requests with zod. Fastify's own validator would compile JSON schemas at every cold start. */
export const validateWithZod: FastifySchemaCompiler<z.core.$ZodType> = ({ schema, httpPart }) => {
  return (value: unknown) => {
    const { success, data, error } = z.safeParse(schema, value);
    return success ? { value: data } : { error: new Error(validationMessage(error.issues, httpPart)) };
  };
};
