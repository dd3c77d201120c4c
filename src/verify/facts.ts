import { type Diagnostic, diagnose, suggest } from '../diagnostics/index.ts';
import type { Policy } from '../index.ts';
import type { DataSyntax } from '../parse/index.ts';

/** A fact that no resource type has is a typo: the decision would be a deny for the wrong reason. */
export function checkFacts(data: DataSyntax, resource: string, policy: Policy): readonly Diagnostic[] {
  if (data.kind !== 'map') return [];
  const facts = policy.resources.get(resource)?.facts;
  return data.entries.flatMap(({ key, value }) => {
    if (key.text === 'type' && !facts?.has('type')) {
      if (value.kind !== 'scalar' || value.value === resource) return [];
      return [
        diagnose(
          'unknown-resource',
          value.span,
          `the action is about a \`${resource}\`, not a \`${String(value.value)}\``,
          {
            help: 'an action is its resource type and a verb: `note.view` is about a `note`',
          },
        ),
      ];
    }
    const type = facts?.get(key.text);
    if (type?.kind === 'resource') return checkFacts(value, type.name, policy);
    if (type || key.text === 'id') return [];
    return [
      diagnose('unknown-attribute', key.span, `\`${resource}\` has no fact \`${key.text}\``, {
        help: suggest(key.text, facts?.keys() ?? []),
      }),
    ];
  });
}
