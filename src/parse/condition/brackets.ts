import type { IToken, TokenType } from 'chevrotain';
import { quote, type Reading } from './reading.ts';
import * as t from './tokens.ts';

/** Deeper nesting is refused, so that no phase overflows the stack. */
export const maximalDepth = 64;

/** What the parser must know of a token to find the end of a broken term. */
export interface Place {
  /** How many brackets are open around it; a closing bracket counts its own. */
  readonly depth: number;
  readonly closes: boolean;
  /** Inside a bracket of a call, list or index that is never closed, which is reported. */
  readonly loose: boolean;
}

const closers: readonly (readonly [TokenType, TokenType, string])[] = [
  [t.LeftParenthesis, t.RightParenthesis, ')'],
  [t.LeftBracket, t.RightBracket, ']'],
  [t.Less, t.Greater, '>'],
];

/** Whether the nesting of brackets, `not` and `->` stays within the limit; one diagnostic if not. */
export function checkDepth(tokens: readonly IToken[], reading: Reading): boolean {
  const { isOpener, isCloser } = bracketsOf(reading);
  const opened: number[] = []; // the `nots` outside each open bracket
  let nots = 0;
  let all = 0; // sum of `opened`
  for (const token of tokens) {
    const type = token.tokenType;
    if (isOpener(type)) {
      opened.push(nots);
      all += nots;
      nots = 0;
    } else if (isCloser(type)) {
      nots = opened.pop() ?? 0;
      all -= nots;
    } else if (type === t.Not || (type === t.Arrow && reading.kind === 'type')) nots++;
    else if (type === t.And || type === t.Or || type === t.Comma) nots = 0;
    if (opened.length + all + nots > maximalDepth) {
      const message = `the ${reading.kind} is nested deeper than ${maximalDepth} levels`;
      const help = reading.kind === 'condition' ? 'name a part of it under `conditions`' : null;
      reading.report(token.startOffset, t.endOf(token), message, help, 'too-deep');
      return false;
    }
  }
  return true;
}

/**
 * Pairs the brackets, reports those without a partner, and returns tokens in which every bracket has one: what closes
 * nothing is left out, and what is never closed is closed by an empty token where its content surely ends.
 */
export function balance(tokens: readonly IToken[], reading: Reading): { tokens: IToken[]; places: Map<IToken, Place> } {
  const pairs = pair(tokens, reading);
  const out: IToken[] = [];
  const places = new Map<IToken, Place>();
  const open: { readonly token: IToken; readonly isLoose: boolean }[] = [];
  const place = (token: IToken, closes: boolean) => {
    places.set(token, { depth: open.length, closes, loose: open.some((item) => item.isLoose) });
    out.push(token);
  };
  const close = (offset: number) => {
    const type = closers.find(([opener]) => opener === open.at(-1)?.token.tokenType)?.[1] ?? t.RightParenthesis;
    place(t.tokenAt(type, '', offset), true);
    open.pop();
  };
  for (const token of tokens) {
    const role = pairs.get(token);
    const type = token.tokenType;
    if (role === undefined) {
      const ends = reading.kind !== 'type' && (type === t.And || type === t.Or);
      while (ends && open.at(-1)?.isLoose) close(token.startOffset);
      place(token, false);
    } else if (role === 'unclosed' || role === 'closed') {
      place(token, false);
      const isGroup = type === t.LeftParenthesis && !t.isCallee(out.at(-2));
      open.push({ token, isLoose: role === 'unclosed' && !isGroup });
    } else if (role !== 'extra') {
      while (open.length > 0 && open.at(-1)?.token !== role.opener) close(token.startOffset);
      place(type === role.type ? token : t.retyped(token, role.type), true);
      open.pop();
    }
  }
  while (open.length > 0) close(reading.text.length);
  return { tokens: out, places };
}

function bracketsOf(reading: Reading) {
  // `<` is an operator in conditions.
  const used = reading.kind === 'type' ? closers : closers.slice(0, 2);
  const closerOf = new Map(used.map(([opener, closer]) => [opener, closer]));
  const closing = new Set(used.map(([, closer]) => closer));
  return {
    closerOf,
    isOpener: (type: TokenType) => closerOf.has(type),
    isCloser: (type: TokenType) => closing.has(type),
  };
}

type Role = 'closed' | 'unclosed' | 'extra' | { readonly opener: IToken; readonly type: TokenType };

function pair(tokens: readonly IToken[], reading: Reading): Map<IToken, Role> {
  const { closerOf, isOpener, isCloser } = bracketsOf(reading);
  const roles = new Map<IToken, Role>();
  const open: IToken[] = [];
  for (const token of tokens) {
    const type = token.tokenType;
    if (isOpener(type)) {
      roles.set(token, 'unclosed');
      open.push(token);
    } else if (isCloser(type)) {
      const partner = open.findLastIndex((item) => closerOf.get(item.tokenType) === type);
      const last = open.at(-1);
      if (!last) {
        roles.set(token, 'extra');
        reading.report(token.startOffset, t.endOf(token), `${quote(token.image)} closes nothing`);
        continue;
      }
      if (partner < 0) reportWrong(last, token, reading);
      const opener = open[partner] ?? last;
      roles.set(opener, 'closed');
      roles.set(token, { opener, type: closerOf.get(opener.tokenType) ?? type });
      open.length = partner < 0 ? open.length - 1 : partner;
    }
  }
  for (const [token, role] of roles) {
    if (role !== 'unclosed') continue;
    reading.report(token.startOffset, t.endOf(token), `${quote(token.image)} is never closed`);
  }
  return roles;
}

function reportWrong(opener: IToken, closer: IToken, reading: Reading): void {
  const right = closers.find(([type]) => type === opener.tokenType)?.[2];
  const message = `${quote(opener.image)} is closed by ${quote(closer.image)}`;
  reading.report(closer.startOffset, t.endOf(closer), message, `write \`${right}\``);
}
