import type { Call } from './policy.ts';

// Returns which IAM actions a request of a function needs, on which resources, and with which condition values: what AWS
// itself derives from a request.

export interface RequestParts {
  /** The header X-Amz-Target: `DynamoDB_20120810.GetItem`. */
  readonly target: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The ARN of a resource of this account, without its partition: `arnOf('sqs', 'dispatcher-dev-runs')`. */
export type ArnOf = (service: string, resource: string) => string;

type Item = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** @throws Error for a request that the functions are not known to make */
export function callsOf({ target, body }: RequestParts, arnOf: ArnOf): readonly Call[] {
  const [service = '', operation = ''] = target.split('.');
  if (service === 'AmazonSQS') {
    const queue = String(body['QueueUrl']).split('/').at(-1) ?? '';
    return [{ action: `sqs:${operation.replace(/Batch$/, '')}`, resource: arnOf('sqs', queue), context: {} }];
  }
  if (service === 'AWSEvents' && operation === 'PutEvents') {
    return (body['Entries'] as readonly Readonly<Record<string, string>>[]).map((entry) => ({
      action: 'events:PutEvents',
      resource: arnOf('events', `event-bus/${entry['EventBusName']}`),
      context: { 'events:source': [entry['Source'] ?? ''], 'events:detail-type': [entry['DetailType'] ?? ''] },
    }));
  }
  if (service === 'secretsmanager') {
    return [{ action: `secretsmanager:${operation}`, resource: String(body['SecretId']), context: {} }];
  }
  if (service === 'DynamoDB_20120810') return tableCalls(operation, body, arnOf);
  throw new Error(`The request ${target} is not known.`);
}

const transactionActions = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  Get: 'GetItem',
  ConditionCheck: 'ConditionCheckItem',
};

function tableCalls(operation: string, body: RequestParts['body'], arnOf: ArnOf): readonly Call[] {
  if (operation === 'TransactWriteItems' || operation === 'TransactGetItems') {
    const items = body['TransactItems'] as readonly Readonly<Record<string, RequestParts['body']>>[];
    return items.flatMap((item) =>
      Object.entries(item).map(([kind, part]) => tableCall(transactionActions[kind as 'Put'], part, arnOf)),
    );
  }
  if (operation === 'BatchGetItem' || operation === 'BatchWriteItem') {
    const tables = Object.entries(
      body['RequestItems'] as Readonly<Record<string, { readonly Keys?: readonly Item[] }>>,
    );
    return tables.map(([table, { Keys = [] }]) => ({
      action: `dynamodb:${operation}`,
      resource: arnOf('dynamodb', `table/${table}`),
      context: { 'dynamodb:LeadingKeys': Keys.flatMap((Key) => leadingKeys({ Key })) },
    }));
  }
  return [tableCall(operation, body, arnOf)];
}

function tableCall(operation: string, body: RequestParts['body'], arnOf: ArnOf): Call {
  const index = body['IndexName'];
  const table = arnOf('dynamodb', `table/${String(body['TableName'])}`);
  return {
    action: `dynamodb:${operation}`,
    resource: typeof index === 'string' ? `${table}/index/${index}` : table,
    context: {
      'dynamodb:LeadingKeys': typeof index === 'string' ? [] : leadingKeys(body),
      'dynamodb:Attributes': attributesOf(body),
    },
  };
}

/** The partition key is named `pk` in every table. */
function leadingKeys(body: RequestParts['body']): readonly string[] {
  const item = (body['Key'] ?? body['Item']) as Item | undefined;
  if (item !== undefined) return [Object.values(item['pk'] ?? {})[0] ?? ''];
  const values = body['ExpressionAttributeValues'] as Item | undefined;
  const condition = withNames(body, String(body['KeyConditionExpression']));
  const [, placeholder = ''] = /\bpk = (:\w+)/.exec(condition) ?? [];
  return [Object.values(values?.[placeholder] ?? {})[0] ?? ''];
}

/** Returns an expression with the names that its placeholders stand for. */
function withNames(body: RequestParts['body'], expression: string): string {
  const names = (body['ExpressionAttributeNames'] ?? {}) as Readonly<Record<string, string>>;
  return expression.replaceAll(/#\w+/g, (placeholder) => names[placeholder] ?? placeholder);
}

const expressions = [
  'UpdateExpression',
  'ConditionExpression',
  'KeyConditionExpression',
  'FilterExpression',
  'ProjectionExpression',
];

/** Returns the attributes that the expressions and the key name. IAM knows top-level attributes only. */
function attributesOf(body: RequestParts['body']): readonly string[] {
  const keys = Object.keys(body['Key'] ?? {});
  const paths = expressions
    .flatMap((name) => (typeof body[name] === 'string' ? [body[name]] : []))
    .join(' ')
    .replaceAll(/\.#?\w+/g, '');
  const words = withNames(body, paths).replaceAll(
    /:\w+|\b(?:SET|ADD|REMOVE|DELETE|AND|OR|NOT|IN|BETWEEN|attribute_exists|attribute_not_exists|begins_with|if_not_exists|size|contains|list_append)\b/g,
    '',
  );
  return [...new Set([...keys, ...(words.match(/\b[a-zA-Z_]\w*\b/g) ?? [])])];
}
