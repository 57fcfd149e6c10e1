import { createLogger } from '@dispatcher/lambda';
import { createDocumentClient, createFactStore } from '@dispatcher/store';
import { awsLambdaFastify } from '@fastify/aws-lambda';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import manifest from '../package.json' with { type: 'json' };
import { createAdminApp } from './app.ts';
import { authenticationOf } from './authentication.ts';
import { readAdminConfiguration } from './configuration.ts';

const environment = readAdminConfiguration();
const log = createLogger('admin', environment.LOG_LEVEL);
const app = createAdminApp({
  reads: createFactStore({
    client: createDocumentClient(),
    table: environment.FACTS_TABLE,
    projectionsTable: environment.PROJECTIONS_TABLE,
  }),
  authentication: authenticationOf(environment, log),
  version: manifest.version,
  log,
});

// Commas belong to the values: splitting them would turn a text into a list that no schema expects.
export const handler = awsLambdaFastify<APIGatewayProxyEventV2>(app, { parseCommaSeparatedQueryParams: false });
await app.ready();
