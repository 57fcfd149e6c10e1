import type { FastifyPluginAsync } from 'fastify';

/** Names a plugin. Fastify looks for the name of any other in every module that is loaded. */
export const plugin = (name: string, add: FastifyPluginAsync): FastifyPluginAsync =>
  Object.assign(add, { [Symbol.for('fastify.display-name')]: name });
