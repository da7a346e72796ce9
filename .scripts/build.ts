import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { type BuildOptions, build, type OutputFile, type Plugin, stop } from 'esbuild';
import { installBuild } from './install-build.ts';

const root = path.join(import.meta.dirname, '..');
const dist = path.join(root, 'dist');
const { version } = JSON.parse(await readFile(path.join(root, 'package.json'), 'utf8')) as {
  version: string;
};

const define = { __NSH_VERSION__: JSON.stringify(version), 'process.env.NODE_ENV': '"production"' };

/** The stub must stay a file of its own, in syntax an old Node can parse: it is what refuses that Node. */
const stubImportsMain: Plugin = {
  name: 'stub-imports-main',
  setup(api) {
    api.onResolve({ filter: /\/main\.ts$/ }, (args) =>
      args.kind === 'dynamic-import' ? { path: './main.js', external: true } : null,
    );
  },
};

/**
 * What Ink imports and nsh does without: its developer tools, which are no dependency of ours, and a handler that writes
 * the cursor's sequence to stderr at the end, whatever stderr is (`tui/terminal-modes.ts` gives the terminal back).
 */
const withoutExtras: Plugin = {
  name: 'without-extras',
  setup(api) {
    api.onResolve({ filter: /^(?:react-devtools-core|restore-cursor)$/ }, (args) => ({
      path: args.path,
      namespace: 'nothing',
    }));
    api.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'export default () => {}' }));
  },
};

/** CommonJS packages inside an ES module bundle still call `require`. */
const requireBanner =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

const stub: BuildOptions = {
  entryPoints: [path.join(root, 'src/cli.ts')],
  outfile: path.join(dist, 'cli.js'),
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node14.8',
  banner: { js: '#!/usr/bin/env node' },
  plugins: [stubImportsMain],
};

const program: BuildOptions = {
  entryPoints: { main: path.join(root, 'src/cli/main.ts') },
  outdir: dist,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node22.19',
  banner: { js: requireBanner },
  define,
  external: ['sh-syntax'],
  plugins: [withoutExtras],
  legalComments: 'none',
};

const library: BuildOptions = {
  entryPoints: { index: path.join(root, 'src/index.ts') },
  outdir: dist,
  bundle: true,
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  packages: 'external',
  platform: 'node',
  format: 'esm',
  target: 'node22.19',
  define,
};

async function outputs(options: BuildOptions): Promise<OutputFile[]> {
  return (await build({ ...options, write: false })).outputFiles;
}

/**
 * Names the program by what it does: the hash of the bundle before the hash is put into it. A changed comment is no
 * other build.
 */
async function buildId(): Promise<string> {
  const hash = createHash('sha256');
  for (const { path: name, contents } of (await outputs(program)).sort((a, b) =>
    a.path < b.path ? -1 : 1,
  )) {
    hash.update(path.relative(dist, name)).update('\0').update(contents);
  }
  return hash.digest('hex').slice(0, 12);
}

export async function buildAll(): Promise<void> {
  const build = JSON.stringify(await buildId());
  const files = await Promise.all([
    outputs(stub),
    outputs({ ...program, define: { ...define, __NSH_BUILD__: build } }),
    outputs(library),
  ]);
  await installBuild(dist, files.flat());
  await rm(path.join(dist, 'types'), { recursive: true, force: true });
  execFileSync(
    process.execPath,
    [
      path.join(root, 'node_modules/typescript/bin/tsc'),
      ...[
        '--noEmit',
        'false',
        '--emitDeclarationOnly',
        '--declaration',
        '--allowImportingTsExtensions',
        'false',
      ],
      ...['--outDir', path.join(dist, 'types'), '--project', path.join(root, '.scripts/tsconfig.types.json')],
    ],
    { cwd: root, stdio: 'inherit' },
  );
  // `npm start` goes on in this process: the bundler's service would stay beside it.
  await stop();
  await writeFile(path.join(dist, '.built'), version);
}

if (import.meta.main) await buildAll();
