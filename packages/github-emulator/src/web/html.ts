import type { FastifyReply } from 'fastify';

/** Sets the content type and returns a page. `body` is HTML. */
export function sendHtml(reply: FastifyReply, title: string, body: string): string {
  void reply.type('text/html; charset=utf-8');
  return `<!doctype html><title>${escapeHtml(title)}</title><h1>${escapeHtml(title)}</h1>${body}`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
