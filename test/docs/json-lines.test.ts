import path from 'node:path';
import { test } from 'vitest';
import { z } from 'zod';
import { historyLine } from '../../src/cli/json/history-line.ts';
import { logLine } from '../../src/cli/json/log-line.ts';
import { watchLine } from '../../src/cli/json/watch-line.ts';
import { expectSection, table } from './generated-sections.ts';

const README = path.join(import.meta.dirname, '../../src/cli/README.md');

interface Described {
  readonly type?: string | readonly string[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Described[];
  readonly description?: string;
  readonly items?: Described;
  readonly properties?: Readonly<Record<string, Described>>;
}

const jsonSchema = (schema: z.ZodType) =>
  z.toJSONSchema(schema) as unknown as Described & { oneOf?: Described[] };

function typeOf({ const: only, enum: values, anyOf, type, items, properties }: Described): string {
  if (only !== undefined) return `\`"${only}"\``;
  if (values !== undefined) return values.map((value) => `\`"${value}"\``).join(' ');
  if (anyOf !== undefined) return anyOf.map(typeOf).join(' or ');
  if (items !== undefined) return `array of {${Object.keys(items.properties ?? {}).join(', ')}}`;
  return properties === undefined ? [type ?? ''].flat().join(' or ') : 'object';
}

const fields = (described: Described) =>
  Object.entries(described.properties ?? {}).map(([name, field]) => [
    `\`${name}\``,
    typeOf(field),
    field.description ?? '',
  ]);

function lines(schema: z.ZodType): string {
  return (jsonSchema(schema).oneOf ?? [])
    .map((line) => {
      const { type, ...rest } = line.properties ?? {};
      return `**\`${type?.const}\`**: ${line.description}\n\n${table(['field', 'is', 'meaning'], fields({ properties: rest }))}`;
    })
    .join('\n\n');
}

/** What the file says comes from the schemas that print it: `UPDATE_README=1` writes it. */
const sections = {
  history: table(['field', 'is', 'meaning'], fields(jsonSchema(historyLine))),
  log: lines(logLine),
  watch: lines(watchLine),
};

test.each(Object.entries(sections))('the section on %s --json is what its schema says', (name, content) => {
  expectSection(README, name, content);
});
