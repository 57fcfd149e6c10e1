import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { emulatorToken } from './emulator-token.ts';
import { writePrivateFile } from './private-file.ts';
import { accessVariables, resourceVariables } from '../lambda/functions.ts';

const fileName = 'environment';

/**
 * Writes the variables that the commands of the runbooks need as a shell script: `. .dispatcher/environment`. On AWS the
 * same variables come from the operator's AWS profile and from Terraform's outputs. Only the owner can read the file, because it
 * has the access key of this start.
 */
export async function writeOperatorEnvironment(
  dataDir: string,
  {
    url,
    awsUrl,
    emulatorUrl,
    app,
  }: {
    readonly url: string;
    readonly awsUrl: string;
    readonly emulatorUrl: string | null;
    /** The variables of the functions, with the App's id and slug. */
    readonly app: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const variables = {
    ...accessVariables(awsUrl),
    ...resourceVariables(awsUrl),
    DISPATCHER_URL: url,
    ...(emulatorUrl === null
      ? {}
      : {
          GITHUB_API_URL: emulatorUrl,
          GITHUB_APP_ID: app['GITHUB_APP_ID'] ?? '',
          GITHUB_APP_SLUG: app['GITHUB_APP_SLUG'] ?? '',
          EMULATOR_TOKEN: emulatorToken,
        }),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}='${value}'\n`);
  await writePrivateFile(join(dataDir, fileName), lines.join(''));
}

export async function removeOperatorEnvironment(dataDir: string): Promise<void> {
  await rm(join(dataDir, fileName), { force: true });
}
