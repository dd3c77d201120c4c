import { existsSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Comparison } from '../../compare/index.ts';
import { writeWhole } from '../../node/index.ts';
import { UsageError } from '../output.ts';
import { sentencesOf } from './sentences.ts';

/** Somebody's word for one exact change: both meaning digests. */
interface Approval {
  readonly base: string;
  readonly head: string;
}

/** Which side is another than the one that was approved; null where this exact change was. */
export function stalenessOf(file: string, { base, head }: Comparison): string | null {
  const approval = readApproval(file);
  const [isBase, isHead] = [approval.base === base.meaningDigest, approval.head === head.meaningDigest];
  if (isBase && isHead) return null;
  if (isHead) return 'what was (BASE) is another version than the approved one';
  if (isBase) return 'what is (HEAD) is another version than the approved one';
  return 'both sides are other versions than the approved ones';
}

/** What was approved stands beside the digests, for those who read the file later. */
export function writeApproval(file: string, comparison: Comparison): void {
  const { base, head } = comparison;
  const approval = {
    kind: 'approval',
    base: base.meaningDigest,
    head: head.meaningDigest,
    policy: { name: head.policy.name, from: base.policy.version, to: head.policy.version },
    changes: sentencesOf(comparison).map(({ heading, text }) => `${heading}: ${text}`),
  };
  // A folder that is not there is a slip of the pen, not a wish.
  if (!existsSync(dirname(file))) throw new UsageError(`there is no folder \`${dirname(file)}\``);
  try {
    writeWhole(file, `${JSON.stringify(approval, null, 2)}\n`);
  } catch (error) {
    throw new UsageError(`\`${file}\` cannot be written (${codeOf(error)})`);
  }
}

function readApproval(file: string): Approval {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(
      `\`${file}\` cannot be read (${codeOf(error)})`,
      'write one with `chaperone diff ... --write-approval FILE`',
    );
  }
  try {
    const data: unknown = JSON.parse(text);
    if (typeof data === 'object' && data !== null && 'base' in data && 'head' in data) {
      if (typeof data.base === 'string' && typeof data.head === 'string') return { base: data.base, head: data.head };
    }
  } catch {}
  throw new UsageError(`\`${file}\` is no approval`, 'it names the meaning digests of `base` and `head`');
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
