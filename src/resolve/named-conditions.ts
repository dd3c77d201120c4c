import type { Joined } from './catalog.ts';
import { callsIn } from './condition-sizes.ts';
import { checkByItself } from './conditions.ts';
import { type Declarations, readType } from './declarations.ts';
import type { Typed } from './operands.ts';
import { reportCycles } from './permissions.ts';
import type { Report } from './report.ts';

/** Checks each named condition by itself, with its parameters; what it says of `resource` is checked where it is used. */
export function readNamedConditions(joined: Joined, declarations: Declarations, report: Report): void {
  const graph = new Map(joined.conditions.map(({ key, value }) => [key.text, [...callsIn(value.is)]]));
  const spans = new Map(joined.conditions.map(({ key }) => [key.text, key.span]));
  const circles = reportCycles(graph, spans, 'condition-cycle', 'uses', report);
  const names = { resources: new Set(declarations.resources.keys()), valueLists: declarations.valueLists };
  for (const { key, value } of joined.conditions) {
    const parameters = new Map<string, Typed>();
    for (const parameter of value.parameters) {
      const type = readType(parameter.value, names, report);
      if (!type) continue;
      const operand = { kind: 'attribute' as const, root: 'resource' as const, path: [], type };
      parameters.set(parameter.key.text, { operand, type, span: parameter.key.span, items: [], closed: null });
      if (['resource', 'user', 'context', 'action'].includes(parameter.key.text)) {
        report.add('bad-name', parameter.key.span, `a parameter cannot be called \`${parameter.key.text}\``, {
          help: 'it would hide what conditions look at; choose another name',
        });
      }
    }
    if (!circles.has(key.text) && parameters.size === value.parameters.length) {
      checkByItself(value.is, parameters, declarations, report);
    }
  }
}
