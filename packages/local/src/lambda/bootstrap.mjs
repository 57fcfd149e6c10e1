// The runtime of a local function: loads the bundle and serves invocations of the Lambda Runtime API, like the runtime
// interface client in the image. Plain JavaScript, because it is not compiled.
import http from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, _HANDLER, AWS_LAMBDA_FUNCTION_NAME } = process.env;
const agent = new http.Agent({ keepAlive: true });

/** Uses `http`, because fetch times out after five minutes, and an idle function may wait longer for its next event. */
function call(method, path, body) {
  return new Promise((resolve, reject) => {
    const url = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`;
    const request = http.request(url, { method, agent }, (response) => resolve(readResponse(response)));
    request.on('error', reject);
    request.end(body);
  });
}

async function readResponse(response) {
  return { headers: response.headers, text: Buffer.concat(await response.toArray()).toString() };
}

function describe(error) {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, stackTrace: error.stack?.split('\n') ?? [] }
    : { errorType: 'Error', errorMessage: String(error), stackTrace: [] };
}

async function loadHandler() {
  const [file, name] = _HANDLER.split('.');
  const bundle = await import(pathToFileURL(join(LAMBDA_TASK_ROOT, `${file}.mjs`)).href);
  if (typeof bundle[name] !== 'function') throw new Error(`${file}.mjs exports no function named ${name}.`);
  return bundle[name];
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}

async function serve(handler) {
  const { headers, text } = await call('GET', 'invocation/next');
  const context = contextOf(headers);
  let kind = 'response';
  let body;
  try {
    body = JSON.stringify((await handler(JSON.parse(text), context)) ?? null);
  } catch (error) {
    console.error(error);
    kind = 'error';
    body = JSON.stringify(describe(error));
  }
  await call('POST', `invocation/${context.awsRequestId}/${kind}`, body);
}

try {
  const handler = await loadHandler();
  for (;;) await serve(handler);
} catch (error) {
  console.error(error);
  // The request fails if the parent has exited; then nobody needs the report.
  await call('POST', 'init/error', JSON.stringify(describe(error))).catch(() => undefined);
  process.exit(1);
}
