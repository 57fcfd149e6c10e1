import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** True where the write was done, false where its condition did not hold. */
export async function tryConditionalWrite(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
