import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const pageText = '<!doctype html><title>Dispatcher</title><script src="/theme.js"></script>';
export const scriptText = `export const words = '${'dispatch '.repeat(200)}';`;
/** Not UTF-8. */
export const pagePng = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0xff, 0xfe]);

/** Writes a dashboard as its build does: assets with a hash in their names, and compressed copies of texts. */
export function writeSite(directory: string): void {
  const write = (name: string, content: string) => {
    writeFileSync(join(directory, name), content);
    writeFileSync(join(directory, `${name}.br`), brotliCompressSync(content));
    writeFileSync(join(directory, `${name}.gz`), gzipSync(content));
  };
  mkdirSync(join(directory, 'assets'), { recursive: true });
  write('index.html', pageText);
  write('theme.js', 'document.documentElement.dataset.colorMode = "auto";');
  write('assets/index-1a2b.js', scriptText);
  writeFileSync(join(directory, 'assets/icon-1a2b.png'), pagePng);
}
