/** Performs an operation of DynamoDB, in the JSON of its protocol. */
export type CallDynamoDb = (operation: string, input: Readonly<Record<string, unknown>>) => Promise<object>;

interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * Responds to a request of the real client without a socket, which would take most of the time of a call. An error that is
 * none of DynamoDB's is thrown.
 */
export async function respondInProcess(call: CallDynamoDb, { headers, body }: SignedRequest): Promise<object> {
  const [, operation = ''] = (headers['x-amz-target'] ?? '').split('.');
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const { statusCode, output } = await call(operation, JSON.parse(text)).then(
    (output) => ({ statusCode: 200, output }),
    (error: unknown) => ({ statusCode: 400, output: toErrorBody(error) }),
  );
  const bytes = new TextEncoder().encode(JSON.stringify(output));
  return { response: { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: bytes } };
}

function toErrorBody(error: unknown): object {
  const known = error as Partial<{ type: string; message: string; members: object }>;
  if (known.type === undefined) throw error;
  return { __type: known.type, message: known.message, ...known.members };
}

/** What a client of such requests has in common: no one verifies its signatures. */
export const inProcess = {
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  signer: { sign: async (request: object) => request as never },
};
