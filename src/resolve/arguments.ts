import type { ConditionSyntax, Entry, Expression } from '../parse/index.ts';
import { readType } from './declarations.ts';
import { isText, type Place, readOperand, type Typed } from './operands.ts';
import type { Type } from './policy.ts';
import { checkLiteral, describeType } from './values.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** What the parameters of a named condition stand for in one use of it, or null where something was reported. */
export function readArguments(
  call: Call,
  { key, value }: Entry<ConditionSyntax>,
  place: Place,
): ReadonlyMap<string, Typed> | null {
  const { parameters } = value;
  const note = { message: `\`${key.text}\` is declared here`, span: key.span };
  if (parameters.length !== call.arguments.length) {
    const wanted = `${parameters.length} ${parameters.length === 1 ? 'value' : 'values'}`;
    const message = `\`${key.text}\` takes ${wanted}, not ${call.arguments.length}`;
    place.report.add('ill-typed', call.span, message, { notes: [note] });
    return null;
  }
  const values = new Map<string, Typed>();
  parameters.forEach((parameter, index) => {
    const syntax = call.arguments[index];
    const given = syntax && readOperand(syntax, place);
    const type = readParameter(parameter.value, place);
    if (!given || !type) return;
    if (fits(given, type, place)) values.set(parameter.key.text, given);
    else if (
      given.type !== null ||
      given.operand.kind !== 'literal' ||
      type.kind === 'resource' ||
      type.kind === 'set'
    ) {
      const got = given.type ? describeType(given.type) : 'written values';
      const isOfType = place.uncovered && given.operand.kind === 'attribute' && given.operand.path.length === 0;
      place.report.add(
        isOfType ? 'ill-typed-covers' : 'ill-typed',
        given.span,
        `\`${key.text}\` takes ${describeType(type)} here, not ${got}`,
        {
          notes: [note],
          help: factOfType(given, type, place),
        },
      );
    }
  });
  return values.size === parameters.length ? values : null;
}

/** Reported where the condition is declared. */
function readParameter(syntax: Parameters<typeof readType>[0], { declarations, report }: Place): Type | null {
  const { resources, valueLists } = declarations;
  return readType(syntax, { resources: new Set(resources.keys()), valueLists }, report.fork());
}

/** A written value is checked as a value of the type, which reports what is wrong with it. */
function fits({ type: given, operand, span }: Typed, type: Type, { declarations, report }: Place): boolean {
  if (given === null) {
    if (operand.kind !== 'literal') return type.kind === 'set';
    if (type.kind === 'resource' || type.kind === 'set') return false;
    return checkLiteral(type, operand.value, span, declarations, 'strict', report) !== null;
  }
  if (given.kind === 'set' || type.kind === 'set') {
    return (
      given.kind === 'set' &&
      type.kind === 'set' &&
      (given.of.kind === type.of.kind || (isText(given.of) && isText(type.of)))
    );
  }
  if (given.kind === 'resource' || type.kind === 'resource') {
    return given.kind === 'resource' && type.kind === 'resource' && given.name === type.name;
  }
  return given.kind === type.kind || (isText(given) && isText(type));
}

/** `did you mean \`resource.client\`?` where the value has one fact of the type that is wanted. */
function factOfType(given: Typed, type: Type, { declarations }: Place): string | null {
  if (given.type?.kind !== 'resource' || type.kind !== 'resource') return null;
  const facts = [...(declarations.resources.get(given.type.name)?.facts ?? [])];
  const [fact, ...others] = facts.filter(([, item]) => item.kind === 'resource' && item.name === type.name);
  if (!fact || others.length > 0) return null;
  const { file, start, end } = given.span;
  return `did you mean \`${file.text.slice(start, end)}.${fact[0]}\`?`;
}
