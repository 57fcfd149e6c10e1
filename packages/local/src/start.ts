import { adminHeaders } from './app/admin-access.ts';
import { startedFeatures } from './app/emulator.ts';
import { emulatorToken } from './app/emulator-token.ts';
import { loadEnvironmentFile } from './app/environment-file.ts';
import { printTimeline } from './demo/print-timeline.ts';
import { bundleFunctions } from './lambda/bundles.ts';
import { dataDirOf, deleteRunningFile, writeRunningFile } from './app/running-file.ts';
import { startSystem, type System } from './app/system.ts';

/** Dispatched runs complete by themselves for a person at a terminal, and stay as they are in tests. */
const defaultRunSeconds = '5';

async function main(): Promise<void> {
  const startedAt = performance.now();
  loadEnvironmentFile();
  const dataDir = dataDirOf(process.env);
  const stopping = new AbortController();
  const bundle = process.argv.includes('--bundle') ? { bundle: bundleAndSay } : {};
  const env = { ...process.env, EMULATOR_RUN_SECONDS: process.env['EMULATOR_RUN_SECONDS'] || defaultRunSeconds };
  const starting = startSystem({
    dataDir,
    env,
    appFeatures: startedFeatures,
    print: (line) => console.log(line),
    ...bundle,
  });
  stopOnSignal(async () => {
    stopping.abort();
    const system = await starting.catch(() => null);
    await system?.close();
    await deleteRunningFile(dataDir);
  });
  const system = await starting;
  const { url, emulatorUrl } = system;
  await writeRunningFile(dataDir, { pid: process.pid, url, emulatorUrl, emulatorToken });
  console.log(`Dashboard: ${system.url}\n${signInHint(process.env)}`);
  console.log(
    `Dispatcher is running at ${system.url} (started in ${((performance.now() - startedAt) / 1000).toFixed(1)} s).\n`,
  );
  if (!stopping.signal.aborted) await showTimeline(system, stopping.signal);
  if (stopping.signal.aborted) return;
  console.log(nextSteps(system));
  if (system.mode === 'app' && (await system.connected)) {
    console.log('\nTo see a dispatch, complete a workflow run in a repository where the GitHub App is installed.');
  }
}

/** On a slow machine this takes long enough to look like a hang. */
async function bundleAndSay(): Promise<void> {
  console.log('Bundling the functions and starting the system …');
  await bundleFunctions();
}

/** The first signal shuts down gracefully; a second one exits immediately. */
function stopOnSignal(stop: () => Promise<void>): void {
  let stopping = false;
  const stopOnce = () => {
    if (stopping) return;
    stopping = true;
    console.log('\nStopping after the current work. Press Ctrl-C again to stop immediately.');
    stop().then(
      () => {
        console.log('Stopped. The data is kept for the next start.');
        process.exit(0);
      },
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  const onSignal = () => {
    // The child processes exit when this process does.
    if (stopping) process.exit(1);
    stopOnce();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  process.on('disconnect', stopOnce);
  // The listener above makes the channel to the launcher keep this process alive, also after a failed start.
  process.channel?.unref();
}

async function showTimeline(system: System, signal: AbortSignal): Promise<void> {
  if (system.emulatorUrl === null) return;
  const { url, emulatorUrl } = system;
  const run = { repository: 'octo-org/app', workflow: 'ci.yml' };
  try {
    await printTimeline({
      url,
      emulatorUrl,
      emulatorToken,
      run,
      headers: adminHeaders(process.env),
      print: console.log,
      signal,
    });
  } catch (error) {
    if (!signal.aborted) console.error(`Could not show the timeline: ${(error as Error).message}`);
  }
  console.log('');
}

/** Says how to sign in, by the configured authentication. */
function signInHint(env: NodeJS.ProcessEnv): string {
  switch (env['ADMIN_AUTHENTICATION'] || 'disabled') {
    case 'basic':
      return 'Sign in with the user and the password of ADMIN_BASIC_USER and ADMIN_BASIC_PASSWORD.';
    case 'github':
      return 'Sign in with your GitHub account. docs/guide/admin-access.md says who may operate.';
    case 'oidc':
      return 'Sign in with your account of the identity provider of OIDC_ISSUER.';
    default:
      return 'There is no sign-in: everybody on this machine is an operator. docs/guide/admin-access.md describes others.';
  }
}

function nextSteps({ url, logDir, mode, emulatorUrl }: System): string {
  const send =
    mode === 'app'
      ? []
      : [
          'To send another delivery, run in a second terminal:',
          '  npm run deliver -- --source octo-org/app --workflow ci.yml --conclusion failure --branch main --wait',
          '  npm run deliver -- --help',
          'To change files, complete runs or let requests fail in the emulator:',
          '  npm run github -- help',
          '',
        ];
  const lines = [
    ...send,
    `Dashboard    ${url}`,
    `API          ${url}/api/docs`,
    ...(emulatorUrl === null ? [] : [`GitHub       ${emulatorUrl} (emulator)`]),
    `Logs         ${logDir}/*.log (JSON lines, one file per function)`,
    'Stop         Ctrl-C',
  ];
  return lines.join('\n');
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  // Whatever is still open must not keep a process alive that has failed.
  process.exit(1);
});
