import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.ts';

/** Who asks. */
export interface Principal {
  /** As facts tell it; that of an API key begins with `key:`, and no other does. */
  readonly name: string;
  readonly kind: 'disabled' | 'basic' | 'oidc' | 'key';
  /** Nobody else of its kind has it: two people may well have one name. */
  readonly account: string;
  /** A viewer reads; an operator also changes. */
  readonly role: 'viewer' | 'operator';
}

/** How people come in; API keys are taken beside it. */
export interface Authentication {
  readonly mode: 'disabled' | 'basic' | 'oidc';
  /** What a refusal asks for, as `www-authenticate`; empty where nothing is asked for. */
  readonly challenge: string;
  /**
   * Null where the credentials are missing or wrong.
   * @throws Problem where the request is refused for something else.
   */
  principalOf(request: FastifyRequest): Promise<Principal | null>;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Known from the first hook on, except where the route is open. @throws Error elsewhere */
    readonly principal: Principal;
  }
  interface FastifyContextConfig {
    /** Answered to everybody. */
    readonly open?: true;
  }
}

const principals = new WeakMap<FastifyRequest, Principal>();

export function setPrincipal(request: FastifyRequest, principal: Principal): void {
  principals.set(request, principal);
}

/** Null where nobody was let in. */
export function findPrincipal(request: FastifyRequest): Principal | null {
  return principals.get(request) ?? null;
}

export function decoratePrincipal(app: FastifyInstance): void {
  app.decorateRequest('principal', {
    getter() {
      const principal = principals.get(this);
      if (principal === undefined) throw new Error('The principal was asked for before it was authenticated.');
      return principal;
    },
  });
}

const reading = new Set(['GET', 'HEAD']);

/** Whether a request may change something, by its method alone: a route cannot forget to say so. */
export function isMutation({ method }: Pick<FastifyRequest, 'method'>): boolean {
  return !reading.has(method);
}

/**
 * A browser sends JSON to another site only after asking, and this API never agrees. Any other type, or none, could
 * come from a form of a foreign page, with the credentials that the browser keeps for this one.
 * @throws Problem
 */
export function checkMutation(request: FastifyRequest): void {
  if (!isMutation(request)) return;
  if (request.principal.role !== 'operator') throw new Problem(403, 'This needs the role operator; you are a viewer.');
  if (!/^application\/json\s*(;|$)/i.test(request.headers['content-type'] ?? '')) {
    throw new Problem(415, 'Send a JSON body, with content-type: application/json.');
  }
}
