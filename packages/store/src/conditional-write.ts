import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';

/** Returns true if the write succeeded, false if its condition failed. */
export async function tryConditionalWrite(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
