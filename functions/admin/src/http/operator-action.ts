import { noticeOfRedaction, type ScheduleChanged, type WebhookChanged } from '@dispatcher/contracts';
import { type Bus, ProblemError } from '@dispatcher/lambda';
import type { FastifyRequest } from 'fastify';
import { actionIdOf } from './action-id.ts';

/** Who changes something, and why. A repeat with the same `actionId` is the same action. */
export interface OperatorAction {
  readonly actionId: string;
  readonly operator: string;
  readonly reason: string;
}

/** Returns the action that a request asks for. @param name distinguishes the actions of one `Idempotency-Key` */
export function actionOf(request: FastifyRequest<{ Body: { reason: string } }>, name: string): OperatorAction {
  return { actionId: actionIdOf(request, name), operator: request.principal.name, reason: request.body.reason };
}

/** Returns the field `notice` of a response: what to do about a secret in the reason, which was redacted. */
export function noticeIn(reason: string): { readonly notice?: string } {
  const notice = noticeOfRedaction(reason);
  return notice === null ? {} : { notice };
}

/**
 * Publishes the fact of a change that is effective already.
 * @throws ProblemError 503 if it cannot be published; the detail says whether to repeat the change
 */
export async function publishAfterwards(
  bus: Pick<Bus, 'publish'>,
  fact: ScheduleChanged | WebhookChanged,
): Promise<void> {
  try {
    await bus.publish([fact]);
  } catch (error) {
    const { action, name } = fact.data;
    const subject = fact.type === 'schedule.changed' ? 'schedule' : 'webhook';
    const advice = action === 'deleted' ? 'It cannot be repeated: note it where you keep such records.' : 'Repeat it.';
    const message = `The ${subject} ${name} was ${action}, but the change was not recorded. ${advice}`;
    throw new ProblemError(503, `${message} ${(error as Error).message}`);
  }
}
