import { describe, expect, test } from '@jest/globals';
import { callsOf, type RequestParts } from './calls.ts';
import { isAllowed, type Statement } from './policy.ts';

const arnOf = (service: string, resource: string) => `arn:${service}:${resource}`;
const allow = (rest: Omit<Statement, 'Effect'>): readonly Statement[] => [{ Effect: 'Allow', ...rest }];
const isRequestAllowed = (statements: readonly Statement[], request: RequestParts) =>
  callsOf(request, arnOf).every((call) => isAllowed(statements, call));

describe('a role', () => {
  const rows = allow({
    Action: ['dynamodb:UpdateItem'],
    Resource: ['arn:dynamodb:table/state'],
    Condition: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['attempts#*'] } },
  });
  const update = (pk: string) => ({ TableName: 'state', Key: { pk: { S: pk } } });

  test.each([
    ['its rows', 'DynamoDB_20120810.UpdateItem', update('attempts#runs#1'), true],
    ['other rows of the table', 'DynamoDB_20120810.UpdateItem', update('dispatch#1'), false],
    ['another action', 'DynamoDB_20120810.DeleteItem', update('attempts#runs#1'), false],
    ['another table', 'DynamoDB_20120810.UpdateItem', { ...update('attempts#1'), TableName: 'facts' }, false],
    [
      'a transaction of which one part is not its own',
      'DynamoDB_20120810.TransactWriteItems',
      { TransactItems: [{ Update: update('attempts#1') }, { Update: update('dispatch#1') }] },
      false,
    ],
  ])('that may change some rows: %s', (_, target, body, allowed) => {
    expect(isRequestAllowed(rows, { target, body })).toBe(allowed);
  });

  test('that may publish some facts may publish no batch with another one', () => {
    const statements = allow({
      Action: ['events:PutEvents'],
      Resource: ['arn:events:event-bus/b'],
      Condition: { StringEquals: { 'events:source': ['dispatcher'], 'events:detail-type': ['run.planned'] } },
    });
    const entry = (DetailType: string) => ({ EventBusName: 'b', Source: 'dispatcher', DetailType });
    const publish = (...types: string[]) => ({ target: 'AWSEvents.PutEvents', body: { Entries: types.map(entry) } });
    expect(isRequestAllowed(statements, publish('run.planned'))).toBe(true);
    expect(isRequestAllowed(statements, publish('run.planned', 'route.decided'))).toBe(false);
  });

  test('a batch of messages needs the action for one message', () => {
    const statements = allow({ Action: ['sqs:SendMessage'], Resource: ['arn:sqs:runs'] });
    const body = { QueueUrl: 'http://queue.example/1/runs' };
    expect(isRequestAllowed(statements, { target: 'AmazonSQS.SendMessageBatch', body })).toBe(true);
    expect(isRequestAllowed(statements, { target: 'AmazonSQS.ReceiveMessage', body })).toBe(false);
  });

  test('an index needs a resource of its own', () => {
    const body = { TableName: 'facts', IndexName: 'by-time', KeyConditionExpression: 'pk = :pk' };
    const query = { target: 'DynamoDB_20120810.Query', body };
    const statements = (...Resource: string[]) => allow({ Action: ['dynamodb:Query'], Resource });
    expect(isRequestAllowed(statements('arn:dynamodb:table/facts'), query)).toBe(false);
    expect(isRequestAllowed(statements('arn:dynamodb:table/facts/index/*'), query)).toBe(true);
  });

  test('an operator that is not evaluated is an error, and not an allowed call', () => {
    const statements = allow({
      Action: ['sqs:SendMessage'],
      Resource: ['*'],
      Condition: { IpAddress: { 'aws:SourceIp': ['x'] } },
    });
    const request = { target: 'AmazonSQS.SendMessage', body: { QueueUrl: 'http://queue.example/1/runs' } };
    expect(() => isRequestAllowed(statements, request)).toThrow('IpAddress');
  });

  test('a request that is not known is an error', () => {
    expect(() => callsOf({ target: 'Other.Operation', body: {} }, arnOf)).toThrow('Other.Operation');
  });
});
