import type { ErrorObject } from 'ajv';
import {
  type Details,
  type Diagnostic,
  describeLookAlikes,
  diagnose,
  latinTwin,
  suggest,
} from '../diagnostics/index.ts';
import type { Span } from '../source/index.ts';
import type { Located, Node } from './node.ts';

/** An error of ajv in our words, or null for one that only repeats another. */
export function explainShapeError(error: ErrorObject, located: Located, kind: string): Diagnostic | null {
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownKey(error, located, kind);
    case 'required':
      return missingKey(error, located, kind);
    case 'type':
      return wrongType(error, located);
    case 'enum':
    case 'const':
      return notListed(error, located);
    case 'pattern':
    case 'maxLength':
      return badName(error, located);
    case 'minimum':
      return diagnose('wrong-shape', placeOf(located), `${nameOf(located)} must be at least ${error.params.limit}`);
    case 'minItems':
      return diagnose(
        'wrong-shape',
        placeOf(located),
        `${nameOf(located)} needs at least ${error.params.limit === 1 ? 'one item' : `${error.params.limit} items`}`,
      );
    case 'minProperties':
    case 'maxProperties':
      return diagnose('wrong-shape', placeOf(located), `${nameOf(located)} must be a map with exactly one key`, {
        help: 'start each with `- ` on a line of its own',
      });
    case 'propertyNames':
    case 'if':
    case 'not':
      return null;
    default:
      return diagnose('wrong-shape', placeOf(located), `${nameOf(located)} does not have the form that is wanted here`);
  }
}

function unknownKey(error: ErrorObject, located: Located, kind: string): Diagnostic {
  const key = String(error.params.additionalProperty);
  const span = keySpan(located.node, key) ?? placeOf(located);
  if (kind === 'practice' && error.instancePath === '' && (key === 'permissions' || key === 'grants')) {
    return diagnose('widened-by-practice', span, `a practice cannot have \`${key}\``, {
      notes: ['a practice narrows what its catalog allows, it never grants'],
      help: 'move this to a catalog that `extends` the shipped one',
    });
  }
  if (key === '') return diagnose('unknown-key', span, 'a key is empty', { help: 'write a name before the `:`' });
  const known = Object.keys((error.parentSchema?.properties ?? {}) as object);
  const missing = known.filter((name) => located.node.kind !== 'map' || !located.node.byKey.has(name));
  const where = located.key && !located.isItem ? ` in \`${located.key.text}\`` : '';
  return diagnose('unknown-key', span, `\`${shorten(key)}\` is not a key${where || ' here'}`, {
    help: suggest(key, missing) ?? (missing.length > 0 && known.length <= 12 ? `the keys are ${list(known)}` : null),
  });
}

function missingKey(error: ErrorObject, located: Located, kind: string): Diagnostic {
  const key = String(error.params.missingProperty);
  const owner = located.entry
    ? `\`${shorten(located.entry.key.text)}\` has`
    : located.isItem
      ? 'this item has'
      : 'the file has';
  const message = `${owner} no \`${key}\``;
  const help =
    kind === 'tests' && error.instancePath === '' && key === 'practice'
      ? 'name the `practice` or the `catalog` that is tested'
      : key === 'user'
        ? 'add `user`, or `users` for a list of them'
        : key === 'role' && !located.isItem
          ? 'add `role`, or `holds` for several roles'
          : `add \`${key}:\``;
  return diagnose('missing-key', located.entry?.key.span ?? firstPlace(located.node), message, { help });
}

function wrongType(error: ErrorObject, located: Located): Diagnostic {
  const types = [error.params.type].flat().map(String);
  const wanted = types.filter((type) => type !== 'null' || types.length === 1).map(typeName);
  const { node } = located;
  const got = valueName(node);
  const isScalar = node.kind === 'scalar' && node.value !== null;
  if (isVersion(located) && isScalar) {
    return diagnose('bad-version', placeOf(located), `version \`${written(node)}\` is not three numbers`, {
      notes: [`YAML reads \`${written(node)}\` as ${got}`],
      help: 'write three numbers, such as `1.0.0`',
    });
  }
  const details: Details = {
    help:
      types.includes('string') && isScalar
        ? `put it in quotes: "${written(node)}"`
        : node.kind === 'scalar' && node.value === null
          ? `write the value, or delete the ${located.isItem ? 'item' : 'key'}`
          : types.includes('array') && isScalar
            ? `write a list: [${shorten(written(node))}]`
            : null,
  };
  return diagnose('wrong-shape', placeOf(located), `${nameOf(located)} must be ${either(wanted)}, not ${got}`, details);
}

function notListed(error: ErrorObject, located: Located): Diagnostic {
  const values = error.keyword === 'const' ? [error.params.allowedValue] : (error.params.allowedValues as unknown[]);
  const allowed = values.map(String);
  // The schema says in a comment which other forms the value takes besides these words.
  const comment = error.parentSchema?.$comment;
  const others = typeof comment === 'string' ? ` ${comment}` : '';
  const wanted = `${either(allowed.map((value) => `\`${value}\``))}${others}`;
  const text = written(located.node);
  const got =
    located.node.kind === 'scalar' && located.node.value !== null ? `\`${shorten(text)}\`` : valueName(located.node);
  const help = suggest(text, allowed) ?? switchHelp(text, allowed);
  return diagnose('wrong-shape', placeOf(located), `${nameOf(located)} must be ${wanted}, not ${got}`, { help });
}

function switchHelp(text: string, allowed: readonly string[]): string | null {
  if (!allowed.includes('on') || !allowed.includes('off')) return null;
  return ['true', 'yes'].includes(text) ? 'write `on`' : ['false', 'no'].includes(text) ? 'write `off`' : null;
}

function badName(error: ErrorObject, located: Located): Diagnostic {
  if (String(error.params.pattern).includes('csv')) return notAList(located);
  const isKey = error.propertyName !== undefined;
  const text = error.propertyName ?? String(error.data);
  const span = (isKey ? keySpan(located.node, text) : null) ?? placeOf(located);
  if (!isKey && isVersion(located)) {
    return diagnose('bad-version', span, `version \`${shorten(text)}\` is not three numbers by the rules of semver`, {
      help: 'write three numbers, such as `1.0.0`',
    });
  }
  if (error.keyword === 'maxLength') {
    return diagnose('bad-name', span, `this text has ${text.length} characters, over ${error.params.limit}`, {
      help: 'shorten it',
    });
  }
  if (text === '') return diagnose('bad-name', span, 'a name cannot be empty', { help: 'write a name' });
  if (text.trim() === '') return diagnose('bad-name', span, `${nameOf(located)} cannot be blank`, { help: 'write it' });
  const pattern = String(error.params.pattern);
  const twin = latinTwin(text);
  if (twin !== null && !pattern.includes('Cc')) {
    return diagnose('bad-name', span, `\`${shorten(text)}\` is not spelt in Latin letters`, {
      notes: [describeLookAlikes(text)],
      help: `type it again: \`${shorten(twin)}\``,
    });
  }
  const help = pattern.includes('Cc')
    ? 'use printable text on one line'
    : pattern.startsWith('^[A-Za-z_*]')
      ? 'a name or pattern has letters from a to z, digits, `-`, `_`, `.` and `*`'
      : pattern.includes('\\.')
        ? 'a name has letters from a to z, digits, `-`, `_` and `.`, and starts with a letter'
        : 'a name has letters from a to z, digits, `-` and `_`, and starts with a letter';
  return diagnose('bad-name', span, `\`${shorten(text)}\` cannot be a name`, { help });
}

/** `members: amira`: neither a map nor the name of a file. */
function notAList(located: Located): Diagnostic {
  const text = shorten(written(located.node));
  const message = `${nameOf(located)} must be a map, or a file that ends in .csv, .json or .ndjson, not \`${text}\``;
  return diagnose('wrong-shape', placeOf(located), message, { help: 'write a path such as `./members.csv`' });
}

function isVersion({ key, isItem }: Located): boolean {
  return key?.text === 'version' && !isItem;
}

function nameOf({ key, isItem }: Located): string {
  // The header has been through the root of a file, so only a user on the command line comes here.
  if (!key) return 'the user';
  return isItem ? `an item of \`${shorten(key.text)}\`` : `\`${shorten(key.text)}\``;
}

/** The place of the value; of a missing one, and of long lists and maps, the key. */
function placeOf({ node, entry }: Located): Span {
  if (entry && (node.span.start === node.span.end || node.kind === 'map' || node.kind === 'list'))
    return entry.key.span;
  return node.kind === 'scalar' ? node.inner : firstPlace(node);
}

function firstPlace(node: Node): Span {
  if (node.kind === 'map' && node.entries[0] && node.span.start === node.entries[0].span.start) {
    return node.entries[0].key.span;
  }
  return { ...node.span, end: Math.min(node.span.end, node.span.start + 1) };
}

function keySpan(node: Node, key: string): Span | null {
  return (node.kind === 'map' ? node.byKey.get(key)?.key.span : null) ?? null;
}

function written(node: Node): string {
  return node.kind === 'scalar' ? node.text.text : '';
}

function valueName(node: Node): string {
  if (node.kind === 'map') return 'a map';
  if (node.kind === 'list') return 'a list';
  if (node.kind === 'broken' || node.value === null) return 'empty';
  if (typeof node.value === 'string') return 'a text';
  return typeof node.value === 'number' ? 'a number' : `\`${node.value}\``;
}

function typeName(type: string): string {
  const names: ReadonlyMap<string, string> = new Map([
    ['object', 'a map'],
    ['array', 'a list'],
    ['string', 'a text'],
    ['integer', 'a whole number'],
    ['number', 'a number'],
    ['boolean', '`true` or `false`'],
    ['null', 'empty'],
  ]);
  return names.get(type) ?? type;
}

function either(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

function list(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(', ');
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
