import { join } from 'node:path';
import * as z from 'zod';
import { UsageError } from '../command.ts';
import type { Values } from '../context/env-file.ts';
import { type DeployContext, readAccounts, type DeployOptions } from './deploy-context.ts';

const value = <Type extends z.ZodType>(type: Type) => z.object({ value: type });

/** The outputs of an environment that the commands of the runbooks need. */
const Outputs = z.object({
  api_url: value(z.string()),
  webhook_url: value(z.string()),
  region: value(z.string()),
  bus_name: value(z.string()),
  table_names: value(z.record(z.string(), z.string())),
  queue_urls: value(z.record(z.string(), z.string())),
});

/** Returns the variables of the runbooks for a deployed environment, from Terraform's outputs. @throws UsageError */
export async function environmentVariables(
  deploy: DeployContext,
  environment: string,
  options: DeployOptions,
): Promise<Values> {
  const outputs = Outputs.safeParse(await readOutputs(deploy, environment, options));
  if (!outputs.success) {
    throw new UsageError(`${environment} is not deployed yet: its Terraform state has no outputs.`);
  }
  const { api_url, region, bus_name, table_names, queue_urls } = outputs.data;
  return {
    DISPATCHER_URL: api_url.value,
    DISPATCHER_NAME: `dispatcher-${environment}`,
    AWS_REGION: region.value,
    BUS_NAME: bus_name.value,
    ...Object.fromEntries(
      Object.entries(table_names.value).map(([name, text]) => [`${variableName(name)}_TABLE`, text]),
    ),
    ...Object.fromEntries(
      Object.entries(queue_urls.value).map(([name, url]) => [
        name.endsWith('-dead-letters')
          ? `${variableName(name.replace(/-dead-letters$/, ''))}_DEAD_LETTER_QUEUE_URL`
          : `${variableName(name)}_QUEUE_URL`,
        url,
      ]),
    ),
  };
}

const variableName = (name: string) => name.toUpperCase().replaceAll('-', '_');

async function readOutputs(deploy: DeployContext, environment: string, options: DeployOptions): Promise<unknown> {
  const { context, run } = deploy;
  if (!/^[a-z][a-z0-9]{0,15}$/.test(environment)) {
    throw new UsageError(`${environment} is not the name of an environment, such as dev.`);
  }
  const account = readAccounts(deploy, options).find(({ roles }) => roles[environment] !== undefined);
  if (account === undefined) throw new UsageError(`No prepared account has the environment ${environment}.`);
  const root = `-chdir=${join(context.root, 'infrastructure/terraform/environments', environment)}`;
  const backend = {
    bucket: account.stateBucket,
    region: account.region,
    key: `dispatcher/${environment}.tfstate`,
    ...(context.env['AWS_ENDPOINT_URL_S3'] ? { use_path_style: 'true' } : {}),
  };
  const plugins = context.env['TF_PLUGIN_DIR'];
  try {
    await run('terraform', [
      root,
      'init',
      '-input=false',
      '-reconfigure',
      ...(plugins ? [`-plugin-dir=${plugins}`] : []),
      ...Object.entries(backend).map(([name, text]) => `-backend-config=${name}=${text}`),
    ]);
    return JSON.parse(await run('terraform', [root, 'output', '-json']));
  } catch (cause) {
    const text = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause);
    throw new UsageError(`Terraform could not read the state of ${environment}: ${text.slice(-600)}`, { cause });
  }
}
