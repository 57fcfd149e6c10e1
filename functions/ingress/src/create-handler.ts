import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Dependencies } from './dependencies.ts';
import { toDelivery, toLambdaResult } from './http.ts';
import { receive } from './receive-delivery.ts';

/** Creates the Lambda handler of `POST /webhooks/github`. */
export function createHandler(dependencies: Dependencies) {
  return async (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
    toLambdaResult(await receive(dependencies, toDelivery(event)));
}
