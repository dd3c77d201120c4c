import type { DataSyntax, Entry, ExpectedSyntax, MemberSyntax, SwitchSyntax, TestsSyntax } from '../parse/index.ts';
import type { Name, Span } from '../source/index.ts';

/** One question and the expected answer, whether it was written as a test or as a cell of a matrix. */
export interface Case {
  readonly test: string;
  readonly cites: readonly string[];
  readonly user: Name | MemberSyntax;
  readonly action: Name;
  readonly on: Name | null;
  readonly expected: ExpectedSyntax;
  readonly features: readonly Entry<SwitchSyntax>[];
  readonly context: readonly Entry<DataSyntax>[];
  readonly now: Name | null;
  /** Those of the file and of the test. */
  readonly resources: ReadonlyMap<string, DataSyntax>;
  readonly span: Span;
}

/** All expectations of a file, in its order. */
export function casesOf(tests: TestsSyntax): readonly Case[] {
  const shared = new Map(tests.resources.map(({ key, value }) => [key.text, value]));
  const single = tests.tests.flatMap((test) => {
    const resources = new Map([...shared, ...test.resources.map(({ key, value }) => [key.text, value] as const)]);
    const { features, context, now } = test;
    const cites = test.cites.map((name) => name.text);
    return test.users.flatMap((user) =>
      test.expect.map(({ action, on, expected, span }): Case => {
        return { test: test.name.text, cites, user, action, on, expected, features, context, now, resources, span };
      }),
    );
  });
  const cells = tests.matrices.flatMap((matrix) => {
    const own = matrix.resources.flatMap(({ key, value }) =>
      value.kind === 'map' ? [[key.text, value] as const] : [],
    );
    const resources = new Map([...shared, ...own]);
    const { features, context, now } = matrix;
    const cites = matrix.cites.map((name) => name.text);
    const test = matrix.name?.text ?? 'matrix';
    return matrix.expect.flatMap(({ key: action, value: rows }) =>
      rows.flatMap(({ key: user, value: row }) =>
        row.map((expected, column): Case => {
          const on = matrix.resources[column]?.key ?? null;
          return { test, cites, user, action, on, expected, features, context, now, resources, span: expected.span };
        }),
      ),
    );
  });
  return [...single, ...cells];
}
