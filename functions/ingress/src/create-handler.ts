import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Dependencies } from './dependencies.ts';
import { toDelivery, toLambdaResult } from './http.ts';
import { receive } from './receive-delivery.ts';
import type { Receiver } from './third-party/create-receiver.ts';

/**
 * Creates the Lambda handler: `POST /webhooks/github`, and the webhooks of third parties.
 * @param createReceiver called at the first message of a third party, so that no delivery of GitHub waits for what only
 * the others need
 */
export function createHandler(dependencies: Dependencies, createReceiver: () => Promise<Receiver>) {
  let receiver: Promise<Receiver> | undefined;
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    if (event.rawPath === '/webhooks/github') return toLambdaResult(await receive(dependencies, toDelivery(event)));
    receiver ??= createReceiver();
    return (await receiver)(event);
  };
}
