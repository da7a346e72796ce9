import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { REPOSITORY } from '../helpers/project.ts';

/** Fields that the embedded devbox adds to what the service has. Nothing else may be added. */
const EXTENSIONS = new Set(['nsh', 'code']);

/** Answers, with the names that the client has for their types. */
export class Answers {
  readonly #seen = new Map<string, string>();

  /**
   * @param type as `Runloop` exports it, such as `DevboxView`, or an expression of it
   * @returns the answer
   */
  add<Answer>(type: string, what: string, answer: Answer): Answer {
    const text = JSON.stringify(answer, (key, value) => (EXTENSIONS.has(key) ? undefined : value));
    this.#seen.set(`${type} ${what}`, `export const answer: ${type} = ${text};`);
    return answer;
  }

  get size(): number {
    return this.#seen.size;
  }

  /**
   * Compiles them against the client's declarations: a field that is missing, of another type, unknown to the client, or
   * with a value that it does not list is an error.
   *
   * @returns what the compiler said; empty when all is right
   */
  async check(): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), 'nsh-answers-'));
    try {
      await symlink(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
      const modules = [...this.#seen].map(
        ([what, text], index) => `// ${what}\nexport namespace Answer${index} { ${text} }\n`,
      );
      await writeFile(
        join(folder, 'answers.ts'),
        `import type { Runloop } from '@runloop/api-client';\n${modules.join('')}`,
      );
      await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(TSCONFIG));
      const tsc = join(REPOSITORY, 'node_modules/typescript/bin/tsc');
      await promisify(execFile)(process.execPath, [tsc, '-p', folder]);
      return '';
    } catch (error) {
      return `${(error as { stdout?: string }).stdout ?? ''}${(error as Error).message}`;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    target: 'esnext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  },
  files: ['answers.ts'],
};
