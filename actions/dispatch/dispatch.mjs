// Requests a dispatch with the OIDC token of the job. See action.yml for the variables.
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';

/** A failure that a repetition does not change. */
class RequestError extends Error {}

const print = (line) => process.stdout.write(`${line}\n`);
const setting = (name) => (process.env[name] ?? '').trim();

function required(name, input) {
  const value = setting(name);
  if (value === '') throw new RequestError(`The input ${input} is missing.`);
  return value;
}

/** Returns the values as GitHub sends inputs: as text. */
function parseInputs(json) {
  if (json === '') return {};
  const invalid = new RequestError('The input inputs is not a JSON object of texts, numbers and booleans.');
  let parsed;
  try {
    parsed = JSON.parse(json);
  } catch {
    throw invalid;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw invalid;
  const entries = Object.entries(parsed);
  if (!entries.every(([, value]) => ['string', 'number', 'boolean'].includes(typeof value))) throw invalid;
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

/** Requests a token from the runner. Each attempt has its own: a token is valid for five minutes. */
async function requestToken(audience) {
  const url = setting('ACTIONS_ID_TOKEN_REQUEST_URL');
  if (url === '') {
    throw new RequestError(
      'GitHub gives this job no OIDC token. Add `permissions: { id-token: write }` to the job. Pull requests of forks get none.',
    );
  }
  const response = await fetch(`${url}&audience=${encodeURIComponent(audience)}`, {
    headers: { authorization: `Bearer ${setting('ACTIONS_ID_TOKEN_REQUEST_TOKEN')}` },
    signal: AbortSignal.timeout(15_000),
  });
  if (response.status === 401 || response.status === 403) {
    throw new RequestError(`GitHub refused the token of this job: ${await response.text()}`);
  }
  if (!response.ok) throw new Error(`GitHub responded to the request for a token with ${response.status}.`);
  return (await response.json()).value;
}

/** Sends the request once. @throws Error if a repetition may succeed, RequestError if none will */
async function request(url, body) {
  const token = await requestToken(url);
  const key = setting('IDEMPOTENCY_KEY');
  const response = await fetch(`${url}/dispatch`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      ...(key === '' ? {} : { 'idempotency-key': key }),
    },
    body: JSON.stringify(body),
    redirect: 'error',
    signal: AbortSignal.timeout(40_000),
  });
  const text = await response.text();
  const result = parseJson(text);
  if (response.status === 202) return result;
  const { detail = text, fix = '', code = '' } = result;
  const message = [`${detail}`, `${fix}`, code === '' ? '' : `(${code})`].filter((part) => part !== '').join(' ');
  const mayPass = [409, 429, 500, 502, 503, 504].includes(response.status);
  if (!mayPass) throw new RequestError(`Dispatcher refused the request (${response.status}). ${message}`);
  const error = new Error(`Dispatcher responded with ${response.status}. ${message}`);
  error.retryAfterMs = Number(response.headers.get('retry-after') ?? Number.NaN) * 1000;
  throw error;
}

function parseJson(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

/** Repeats the request until it succeeds, is refused, or the time is over. It is carried out once in total. */
async function requestUntil(deadline, url, body) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await request(url, body);
    } catch (error) {
      const { retryAfterMs = Number.NaN } = error;
      const pauseMs = Number.isFinite(retryAfterMs) ? retryAfterMs : Math.min(1000 * 2 ** attempt, 15_000);
      if (error instanceof RequestError || Date.now() + pauseMs > deadline) throw error;
      print(`${messageOf(error)} Trying again in ${Math.ceil(pauseMs / 1000)} s.`);
      await wait(pauseMs);
    }
  }
}

function messageOf(error) {
  const cause = error.cause?.message;
  return cause === undefined ? error.message : `${error.message}: ${cause}.`;
}

function writeOutputs({ dispatchId, runKey }) {
  const file = setting('GITHUB_OUTPUT');
  if (file !== '') appendFileSync(file, `dispatch-id=${dispatchId}\nrun-key=${runKey}\n`);
}

/** Escapes text for a workflow command. */
const escaped = (text) => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

try {
  const url = required('DISPATCHER_URL', 'url').replace(/\/+$/, '');
  const id = setting('TARGET_ID');
  const body = {
    repository: required('TARGET_REPOSITORY', 'repository'),
    workflow: required('TARGET_WORKFLOW', 'workflow'),
    ...(id === '' ? {} : { id }),
    inputs: parseInputs(setting('TARGET_INPUTS')),
  };
  const seconds = Number(setting('TIMEOUT_SECONDS') || '120');
  if (!Number.isFinite(seconds)) throw new RequestError('The input timeout-seconds is not a number.');
  const result = await requestUntil(Date.now() + seconds * 1000, url, body);
  writeOutputs(result);
  print(`${result.target} is started: ${url}/runs/${result.runKey}`);
} catch (error) {
  print(`::error title=Request a dispatch::${escaped(messageOf(error))}`);
  process.exitCode = 1;
}
