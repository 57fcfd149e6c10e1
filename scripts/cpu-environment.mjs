import { appendFileSync } from 'node:fs';
import { relative } from 'node:path';
import { TestEnvironment } from 'jest-environment-node';
import { cpuSeconds } from './cpu-seconds.mjs';
import { repositoryRoot } from './node-24.mjs';

/** Jest's environment, which appends the CPU time of its test file to the file that CPU_TIMES names. For `test-cpu.mjs`. */
export default class CpuEnvironment extends TestEnvironment {
  #start = cpuSeconds();
  #path;

  constructor(config, context) {
    super(config, context);
    this.#path = relative(repositoryRoot, context.testPath);
  }

  async teardown() {
    await super.teardown();
    appendFileSync(process.env['CPU_TIMES'], `${JSON.stringify([this.#path, cpuSeconds() - this.#start])}\n`);
  }
}
