import type { Policy, Type } from '../resolve/index.ts';
import { ALL, buildRequest, type Model } from '../solver/index.ts';
import { slotAndInstance } from './asker.ts';
import type { Part, Subject } from './subjects.ts';

/** A request as an entry of `tests`, in one line: what the sentence demands, and the policy does not do. */
export function testOf(
  policy: Policy,
  subject: Subject,
  action: string,
  model: Model,
  expected: 'allow' | 'deny' | { readonly decision: 'allow'; readonly outcome: string },
  title: string,
): string {
  const request = buildRequest(model);
  const about = policy.actions.get(action);
  const context = contextOf(request.context, model);
  const hasType = policy.resources.get(about?.resource ?? '')?.facts.has('type') ?? false;
  const resource = { ...(!hasType && { type: about?.resource }), ...asRecord(request.resource) };
  const test = {
    name: title,
    user: userOf(policy, subject, request.user, request.settings),
    ...(Object.keys(context).length > 0 && { context }),
    ...(about?.hasResource && { resources: { it: resource } }),
    expect: { [about?.hasResource ? `${action} on it` : action]: expected },
  };
  return `- ${flow(test)}`;
}

/** A member by name; whoever holds a role, or a member of whom the application tells more, is described. */
function userOf(
  policy: Policy,
  subject: Subject,
  { id, ...facts }: Readonly<Record<string, unknown>>,
  settings: ReadonlyMap<string, unknown>,
): unknown {
  const { kind, name, parts, madeUpRole, isInactive } = subject;
  const [first, ...others] = parts;
  if (kind === 'member' && Object.keys(facts).length === 0) return name;
  if (kind !== 'member') {
    const own = first
      ? settingsOf(policy, first, settings, ({ value, isMissing }) => value === undefined && !isMissing)
      : {};
    return { role: madeUpRole ?? name, ...(id !== undefined && { id }), ...own, ...facts };
  }
  const described = parts.map((part) => ({ role: part.role, ...settingsOf(policy, part, settings, () => true) }));
  const ofMember = subject.attributes.find(({ path }) => path[0] === 'id')?.value ?? name;
  const who = { id: ofMember, ...(isInactive && { status: 'inactive' }) };
  if (others.length === 0) return { ...who, ...described[0], ...facts };
  return { ...who, holds: described.map((item, index) => (index === 0 ? { ...item, ...facts } : item)) };
}

/** Settings as a practice writes them. */
function settingsOf(
  policy: Policy,
  { slots, instance }: Part,
  values: ReadonlyMap<string, unknown>,
  isWritten: (slot: Part['slots'][number]) => boolean,
): Readonly<Record<string, unknown>> {
  const tree: Record<string, unknown> = {};
  for (const [named, value] of values) {
    const [name, of] = slotAndInstance(named);
    const slot = slots.find((item) => item.name === name);
    if (!slot || of !== instance || !isWritten(slot)) continue;
    let at = tree;
    for (const step of [slot.setting, ...slot.keys].slice(0, -1)) {
      const next = asRecord(at[step]);
      at[step] = next;
      at = next;
    }
    at[slot.keys.at(-1) ?? slot.setting] = writtenValue(value, policy.settings.get(slot.setting)?.type);
  }
  return tree;
}

/** Days and instants of settings are numbers inside. */
function writtenValue(value: unknown, type: Type | undefined): unknown {
  if (value === ALL) return 'all';
  if (Array.isArray(value)) return value.map((item) => writtenValue(item, type?.kind === 'set' ? type.of : type));
  if (typeof value !== 'number') return value;
  if (type?.kind === 'date') return new Date(value * 86_400_000).toISOString().slice(0, 10);
  return type?.kind === 'date-time' ? new Date(value).toISOString() : value;
}

/** A clock always gives the time, so that a time that is not known has to be sent as such. */
function contextOf(context: unknown, { attributes }: Model): Record<string, unknown> {
  const now = attributes.find(({ root, path }) => root === 'context' && path.join() === 'now');
  return { ...asRecord(context), ...(now && now.value === undefined && { now: null }) };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** A value as YAML in one line. */
function flow(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flow).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${scalar(key)}: ${flow(item)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return scalar(value);
}

function scalar(value: unknown): string {
  const isPlain = typeof value !== 'string' || (plainText.test(value) && !otherwise.test(value));
  return isPlain ? String(value) : JSON.stringify(value);
}

const plainText = /^[\p{L}_][\p{L}\p{M}\p{N}_./-]*(?: [\p{L}\p{N}_./-]+)*$/u;
/** Texts that YAML would read as something else. */
const otherwise = /^(?:true|false|null|yes|no|on|off|y|n)$/i;
