import { createServer, type IncomingMessage, request as forward, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { type ArnOf, callsOf } from './calls.ts';
import { isAllowed, type Statement } from './policy.ts';

/** A role, known by the access key of its function. */
export interface Role {
  readonly name: string;
  readonly statements: readonly Statement[];
}

export interface Gate {
  readonly url: string;
  /** Roles by access key. Requests with another key pass: those of Terraform and of the operator. */
  readonly roles: Map<string, Role>;
  readonly allowed: Map<string, number>;
  /** `ROLE: ACTION on RESOURCE` of each refused call. */
  readonly denied: string[];
  close(): Promise<void>;
}

/**
 * Starts a proxy in front of the AWS API that enforces the policy of each function's role, by action, resource and
 * condition: moto ignores resources and conditions.
 */
export async function startGate(awsUrl: string, arnOf: ArnOf): Promise<Gate> {
  const roles = new Map<string, Role>();
  const allowed = new Map<string, number>();
  const denied: string[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void handle(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const [, key = ''] = /Credential=([^/]+)\//.exec(request.headers.authorization ?? '') ?? [];
    const role = roles.get(key);
    if (role !== undefined) {
      const calls = callsOf(
        {
          target: String(request.headers['x-amz-target']),
          body: JSON.parse(body.toString()) as object as Record<string, unknown>,
        },
        arnOf,
      );
      const refused = calls.filter((call) => !isAllowed(role.statements, call));
      if (refused.length > 0) {
        denied.push(...refused.map(({ action, resource }) => `${role.name}: ${action} on ${resource}`));
        response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' });
        response.end(JSON.stringify({ __type: 'AccessDeniedException', message: `${role.name} may not do this.` }));
        return;
      }
      allowed.set(role.name, (allowed.get(role.name) ?? 0) + calls.length);
    }
    const { port, hostname } = new URL(awsUrl);
    const passed = forward({ hostname, port, method: request.method, path: request.url, headers: request.headers });
    passed.end(body);
    const [answer] = (await once(passed, 'response')) as [IncomingMessage];
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    roles,
    allowed,
    denied,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
